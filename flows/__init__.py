"""Prefect flows, command line, report and demo: what touches people and machines."""
