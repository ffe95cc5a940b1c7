"""Taking files up, importing them batch by batch, and taking back what they brought."""
