"""cabinet-svc: what a head or an employee of a school works with once signed in."""
