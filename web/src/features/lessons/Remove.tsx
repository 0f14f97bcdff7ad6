import { Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { Trouble } from '../../ui/Trouble'

interface Props {
  name: string
  /** What goes with it. */
  text: string
  act: () => Promise<unknown>
  done: () => unknown
}

/** A way to remove something, which says first what will be gone. */
export function Remove({ name, text, act, done }: Props) {
  const { t } = useTranslation('lessons')
  const [asked, setAsked] = useState(false)
  const remove = useMutation({
    mutationFn: act,
    onSuccess: () => {
      setAsked(false)
      return done()
    },
  })
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        px="sm"
        aria-label={t('remove-of', { name })}
        onClick={() => setAsked(true)}
      >
        {t('remove')}
      </Button>
      <Dialog title={t('remove-title', { name })} opened={asked} onClose={() => setAsked(false)}>
        <Stack>
          <Text>{text}</Text>
          {remove.error && <Trouble error={remove.error} />}
          <Button color="red" w="fit-content" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('remove')}
          </Button>
        </Stack>
      </Dialog>
    </>
  )
}
