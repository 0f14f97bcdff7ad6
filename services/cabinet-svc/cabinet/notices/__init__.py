"""What a person is told in the cabinet, and by mail: notices, the inbox, its stream. Every section may call it."""
