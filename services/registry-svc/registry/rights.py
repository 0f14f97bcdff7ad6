"""Who may do what in the registry. What is not here is denied."""

from chassis.auth import Rights

RIGHTS = Rights(
    {
        "registrar": {
            "school": {"read": "any", "write": "any", "close": "any"},
            "application": {"read": "any", "decide": "any"},
            "staff": {"read": "any", "write": "any"},
            "referral": {"read": "any", "decide": "any"},
            "import": {"read": "any", "write": "any"},
        },
        "head": {
            "school": {"read": "own-school"},
            "staff": {"read": "own-school", "write": "own-school"},
            "referral": {"read": "own-school", "decide": "own-school"},
        },
        "security": {"system-read": {"read": "any"}},
        # scopes of city systems
        "schools:read": {"org": {"read": "any"}},
        "roster:read": {"user": {"read": "any"}},
    }
)
