import type { ReactNode } from 'react'
import classes from './Records.module.css'

export interface Column<Row> {
  name: string
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  caption: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string
}

/** A table with a caption; on a phone each row is a card. The roles are said, because `display` takes them away. */
export function Records<Row>({ caption, columns, rows, keyOf }: Props<Row>) {
  return (
    <table className={classes.table} role="table">
      <caption className={classes.caption}>{caption}</caption>
      <thead role="rowgroup" className={classes.head}>
        <tr role="row">
          {columns.map(({ name }, place) => (
            <th key={place} scope="col" role="columnheader">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ name, cell }, place) => (
              <td key={place} role="cell">
                <span className={classes.label} aria-hidden>
                  {name}
                </span>
                <span>{cell(row)}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
