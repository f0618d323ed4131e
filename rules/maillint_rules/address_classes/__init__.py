"""Domains: which of them are local, virtual, relayed, or none of the host's business."""
