import { Button, FileButton, Group, Input, Progress, Text } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sizeOf } from '../../ui/sizes'
import { Trouble } from '../../ui/Trouble'
import { type Kept, uploadFile } from './documents'

interface Props {
  value?: Kept | null
  onChange?: (file: Kept | null) => void
  error?: ReactNode
  label?: string
  hint?: string
  accept?: string
  /** The field of the form, for what is wrong with it. */
  path?: string
}

const READABLE = '.pdf,.docx,.txt'

/** A file goes up as soon as it is chosen: how far it has got is shown, and it can be cancelled. */
export function FileField({
  value,
  onChange,
  error,
  label,
  hint,
  accept = READABLE,
  path = 'file_id',
}: Props) {
  const { t } = useTranslation(['content', 'ui'])
  const [share, setShare] = useState<number | null>(null)
  const [failed, setFailed] = useState<{ error: unknown; file: File } | null>(null)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function take(file: File) {
    const stop = new AbortController()
    running.current = stop
    setFailed(null)
    setShare(0)
    try {
      const { file_id, name, size } = await uploadFile(file, setShare, stop.signal)
      onChange?.({ file_id, name, size })
    } catch (refusal) {
      if (!stop.signal.aborted) setFailed({ error: refusal, file })
    } finally {
      setShare(null)
    }
  }

  return (
    <Input.Wrapper label={label ?? t('file')} description={hint ?? t('file-hint')} error={error} size="md">
      {share !== null && (
        <Group mt="xs" role="status">
          <Progress.Root size="lg" style={{ flex: '1 1 160px' }}>
            <Progress.Section value={100 * share} aria-label={t('file-progress')} />
          </Progress.Root>
          <Text>{t('file-share', { share: Math.floor(100 * share) })}</Text>
          <Button variant="default" onClick={() => running.current?.abort()}>
            {t('ui:cancel')}
          </Button>
        </Group>
      )}
      {failed && <Trouble error={failed.error} again={() => void take(failed.file)} />}
      {share === null && (
        <Group mt="xs">
          {value && (
            <Text style={{ overflowWrap: 'anywhere' }}>
              {value.name}, {sizeOf(value.size)}
            </Text>
          )}
          <FileButton accept={accept} onChange={(file) => file && void take(file)}>
            {(props) => (
              <Button variant="default" data-path={path} {...props}>
                {t(value ? 'file-other' : 'file-choose')}
              </Button>
            )}
          </FileButton>
        </Group>
      )}
    </Input.Wrapper>
  )
}
