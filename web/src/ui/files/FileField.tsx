import { Button, FileButton, Group, Input, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sizeOf } from '../sizes'
import { Trouble } from '../Trouble'
import { UploadProgress } from '../UploadProgress'
import { useUpload } from '../useUpload'
import { FILES, type Kept } from './kept'

interface Props {
  value?: Kept | null
  onChange?: (file: Kept | null) => void
  error?: ReactNode
  label: string
  hint: string
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
  const { t } = useTranslation('ui')
  const sending = useUpload()
  const [failed, setFailed] = useState<{ error: unknown; file: File } | null>(null)

  async function take(file: File) {
    setFailed(null)
    try {
      const kept = await sending.send<Kept>({ path: FILES, file })
      if (kept) onChange?.({ file_id: kept.file_id, name: kept.name, size: kept.size })
    } catch (refusal) {
      setFailed({ error: refusal, file })
    }
  }

  return (
    <Input.Wrapper label={label} description={hint} error={error} size="md">
      <UploadProgress of={sending} />
      {failed && <Trouble error={failed.error} again={() => void take(failed.file)} />}
      {sending.share === null && (
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
