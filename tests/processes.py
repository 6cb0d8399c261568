"""Owners of leases that are gone."""

from depesa.core.processes import BOOT, HOST, MACHINE, NAMESPACE

DEAD = f"{HOST}/{MACHINE}/{BOOT}/{NAMESPACE}/99999999/1/dead"
