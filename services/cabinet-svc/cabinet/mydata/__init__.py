"""Everything the cabinet holds of one person, across its sections."""
