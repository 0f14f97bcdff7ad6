"""SQL of the end of an account: what it was given goes; what it wrote stays and names a former employee."""

from uuid import UUID

from chassis.db import Tx


async def delete_loads(tx: Tx, account_id: UUID) -> int:
    """How many there were."""
    return await tx.execute("DELETE FROM teaching_load WHERE account_id = $1", account_id)


async def delete_substitutes(tx: Tx, account_id: UUID) -> int:
    """How many there were."""
    return await tx.execute("DELETE FROM substitute WHERE account_id = $1", account_id)


async def delete_leaves(tx: Tx, account_id: UUID) -> int:
    """How many there were; a reason may say why somebody was ill."""
    return await tx.execute("DELETE FROM late_leave WHERE account_id = $1", account_id)


async def leave_classes(tx: Tx, account_id: UUID) -> int:
    """How many classes the account led."""
    sql = "UPDATE school_class SET teacher_id = NULL, version = version + 1 WHERE teacher_id = $1"
    return await tx.execute(sql, account_id)
