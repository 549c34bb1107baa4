"""The matching engine alone: what every step costs per record and per pair."""
