import { Anchor, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { download } from '../../api/download'
import { sizeOf } from '../sizes'
import { Trouble } from '../Trouble'
import classes from './Files.module.css'
import type { Kept } from './kept'

interface Props {
  files: Kept[]
  /** The folder of these files on the server. */
  at: string
  label: string
}

/** Files to be saved, by their names. */
export function FileList({ files, at, label }: Props) {
  const save = useMutation({ mutationFn: ({ file_id, name }: Kept) => download(`${at}/${file_id}`, name) })
  return (
    <>
      <ul className={classes.files} aria-label={label}>
        {files.map((file) => (
          <li key={file.file_id}>
            <Anchor
              component="button"
              type="button"
              className={classes.file}
              onClick={() => save.mutate(file)}
            >
              {file.name}
            </Anchor>{' '}
            <Text span size="sm" c="dimmed">
              {sizeOf(file.size)}
            </Text>
          </li>
        ))}
      </ul>
      {save.error && <Trouble error={save.error} />}
    </>
  )
}
