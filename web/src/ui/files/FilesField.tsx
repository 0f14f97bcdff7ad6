import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sizeOf } from '../sizes'
import { FileField } from './FileField'
import classes from './Files.module.css'
import { type Kept, KINDS } from './kept'

const MOST = 10

interface Props {
  value?: Kept[]
  onChange?: (files: Kept[]) => void
  error?: ReactNode
  label: string
  hint: string
}

/** Files one after the other; each can be taken off again. */
export function FilesField({ value = [], onChange, error, label, hint }: Props) {
  const { t } = useTranslation('ui')
  const drop = (id: string) => onChange?.(value.filter(({ file_id }) => file_id !== id))
  return (
    <div>
      {value.length < MOST && (
        <FileField
          label={label}
          hint={hint}
          accept={KINDS}
          path="files"
          value={null}
          onChange={(file) => file && onChange?.([...value, file])}
          error={error}
        />
      )}
      {value.length > 0 && (
        <ul className={classes.items} aria-label={label}>
          {value.map(({ file_id, name, size }) => (
            <li key={file_id} className={classes.item}>
              <Group justify="space-between">
                <Text style={{ overflowWrap: 'anywhere' }}>
                  {name}, {sizeOf(size)}
                </Text>
                <Button
                  variant="subtle"
                  color="red"
                  onClick={() => drop(file_id)}
                  aria-label={t('file-drop-of', { name })}
                >
                  {t('file-drop')}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
