import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'

interface Props<Name extends string> {
  /** What is asked about; null while nothing is. Its texts are `confirm.<name>`. */
  of: Name | null
  busy: boolean
  error: unknown
  onClose: () => void
  onConfirm: (name: Name) => void
  text?: string
}

/** Says whom an act touches before it is done. */
export function Confirm<Name extends string>({ of, busy, error, onClose, onConfirm, text }: Props<Name>) {
  const { t } = useTranslation(['content', 'ui'])
  // The last one stays while the dialog fades out
  const [shown, setShown] = useState(of)
  if (of && of !== shown) setShown(of)
  return (
    <Dialog title={shown ? t(`confirm.${shown}`) : ''} opened={of !== null} onClose={onClose}>
      {shown && (
        <Stack>
          <Text>{text ?? t(`confirm.${shown}-text`)}</Text>
          {error ? <Trouble error={error} /> : null}
          <Group>
            <Button loading={busy} onClick={() => onConfirm(shown)}>
              {t(`confirm.${shown}-do`)}
            </Button>
            <Button variant="subtle" onClick={onClose}>
              {t('ui:cancel')}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
