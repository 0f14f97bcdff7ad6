import { Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'

interface Props {
  label: string
  all: string
  /** The name in the address. */
  name: string
  value: string | undefined
  options: { value: string; label: string }[]
}

/** A filter that is kept in the address, so that it can be sent to a colleague and survives a reload. */
export function Choice({ label, all, name, value, options }: Props) {
  const navigate = useNavigate()
  return (
    <Select
      label={label}
      size="sm"
      allowDeselect={false}
      data={[{ value: '', label: all }, ...options]}
      value={value ?? ''}
      onChange={(chosen) =>
        void navigate({
          to: '.',
          search: (before: object) => ({ ...before, [name]: chosen || undefined }),
          replace: true,
        } as never)
      }
    />
  )
}
