import { Link, useSearch } from '@tanstack/react-router'
import classes from './Polls.module.css'

interface Props {
  label: string
  name: string
  /** The first one is what is shown without any in the address. */
  options: { value: string | undefined; label: string }[]
}

/** Views of a list, kept in the address. */
export function Views({ label, name, options }: Props) {
  const chosen = (useSearch({ strict: false }) as Record<string, unknown>)[name]
  return (
    <nav className={classes.views} aria-label={label}>
      {options.map(({ value, label: text }) => (
        <Link
          key={String(value)}
          to="."
          search={((before: object) => ({ ...before, [name]: value })) as never}
          replace
          className={classes.view}
          aria-current={chosen === value ? 'true' : undefined}
          activeProps={{}}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
