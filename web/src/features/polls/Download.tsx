import { Button, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { Trouble } from '../../ui/Trouble'

interface Props {
  poll_id: string
  what: 'results' | 'answers'
}

/** A table to be taken along. */
export function Download({ poll_id, what }: Props) {
  const { t } = useTranslation('polls')
  const [error, setError] = useState<unknown>(null)
  const get = () => {
    setError(null)
    download(`/api/cabinet/polls/${poll_id}/${what}.csv`, `${what}.csv`).catch(setError)
  }
  return (
    <Stack gap="sm" my="sm">
      <Button variant={what === 'results' ? 'filled' : 'default'} w="fit-content" onClick={get}>
        {t(`download-${what}`)}
      </Button>
      {error ? <Trouble error={error} /> : null}
    </Stack>
  )
}
