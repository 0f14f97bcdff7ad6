import { Link, useSearch } from '@tanstack/react-router'
import classes from './Choices.module.css'

interface Props {
  label: string
  /** The name in the address. */
  name: string
  /** The first one is what is shown without any. */
  options: { value: string | boolean | undefined; label: string }[]
}

/** One of a few views of a list, kept in the address, so that it survives a reload and can be sent to a colleague. */
export function Choices({ label, name, options }: Props) {
  const chosen = (useSearch({ strict: false }) as Record<string, unknown>)[name]
  return (
    <nav className={classes.choices} aria-label={label}>
      {options.map(({ value, label: text }) => (
        <Link
          key={String(value)}
          to="."
          search={((before: object) => ({ ...before, [name]: value })) as never}
          replace
          className={classes.choice}
          aria-current={chosen === value ? 'true' : undefined}
          activeOptions={{ exact: true, includeSearch: true }} // or the one without any would always be active
          activeProps={{}}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
