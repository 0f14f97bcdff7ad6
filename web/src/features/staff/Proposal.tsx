import { Alert, Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Trouble } from '../../ui/Trouble'
import { correct, type Member } from './roll'

/** Another post than the roll's, which the person gave in the workplace form: a proposal until the head takes it. */
export function Proposal({ member, settle }: { member: Member; settle: () => void }) {
  const { t } = useTranslation('staff')
  const post = member.proposed_post!
  const take = useMutation({
    mutationFn: () => correct(member, { post }),
    onSettled: settle,
  })
  const isMine = member.category === 'employee'
  return (
    <Alert color="orange" variant="light" title={t('proposal', { post })}>
      <Text c="dark.9">{t(isMine ? 'proposal-text' : 'proposal-of-head', { post: member.post })}</Text>
      {take.error && <Trouble error={take.error} />}
      {isMine && (
        <Button variant="light" mt="sm" loading={take.isPending} onClick={() => take.mutate()}>
          {t('proposal-take')}
        </Button>
      )}
    </Alert>
  )
}
