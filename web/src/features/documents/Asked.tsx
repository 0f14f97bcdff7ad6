import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { fullDate } from '../../ui/dates'
import { Due } from '../../ui/Due'
import type { Shown } from './documents'

/** What a document still wants of the person, or that it has got it. */
export function Asked({ of }: { of: Shown }) {
  const { t } = useTranslation('documents')
  if (!of.is_asked) return null
  const [colour, text] = of.acknowledged_at
    ? ['green.2', t('acknowledged', { on: fullDate(of.acknowledged_at) })]
    : ['orange.2', t('asked')]
  return (
    <>
      <Badge color={colour} variant="filled" size="lg" fw={500} radius="sm">
        {text}
      </Badge>
      {!of.acknowledged_at && of.acknowledge_by && <Due at={of.acknowledge_by} />}
    </>
  )
}
