import { Button, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isStale } from '../../api/tagged'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Audience } from '../../ui/audience/Audience'
import { ContestFields } from './ContestFields'
import { ContestRules } from './ContestRules'
import classes from './Content.module.css'
import {
  type Contest,
  type ContestValues,
  editContest,
  EMPTY,
  loadContest,
  valuesOf,
  writeContest,
} from './contests'
import { ContestSteps } from './ContestSteps'
import { settleForm } from './settleForm'
import { Stale } from './Stale'
import { useKeep } from './useKeep'
import { useWriter } from './useWriter'

/** What it is, when, for whom, how many; what was typed stays, whatever happens. */
export function ContestForm({ saved }: { saved: Contest | undefined }) {
  const { t } = useTranslation(['content', 'ui'])
  const { isHead, contests } = useWriter()
  const navigate = useNavigate()
  const [other, setOther] = useState<Contest | null>(null)
  const [done, setDone] = useState(false)
  const needed = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm<ContestValues>({
    initialValues: saved ? valuesOf(saved) : EMPTY,
    validate: { title: needed, body: needed, opens_at: needed, closes_at: needed },
  })
  const draft = useDraft(`written-contest-${saved?.contest_id ?? 'new'}`, form)
  const keep = useKeep()

  async function save(values: ContestValues, key: string): Promise<Contest> {
    const now = saved
      ? await editContest(saved.contest_id, saved.etag, values)
      : await writeContest(values, key)
    keep(now)
    setOther(null)
    settleForm(form, values, valuesOf(now))
    draft.drop()
    return now
  }

  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    setDone(false)
    try {
      const now = await save(values, key)
      setDone(true)
      if (!saved) await navigate({ to: `${contests}/${now.contest_id}` as never, replace: true })
    } catch (refusal) {
      if (!saved || !isStale(refusal)) throw refusal
      const theirs = await loadContest(saved.contest_id)
      setOther(theirs)
      keep(theirs)
    }
  })
  const isOut = saved?.state === 'announced'
  return (
    <section aria-labelledby="terms">
      <Title order={2} size="h3" id="terms" mb="sm">
        {t('contest-terms')}
      </Title>
      {other && (
        <Stale>
          <strong>{other.title}</strong>
          {'\n'}
          {other.body}
        </Stale>
      )}
      <Form onSubmit={submit}>
        <ContestFields form={form} />
        <ContestRules form={form} frozen={isOut} />
        <Audience
          form={form}
          isHead={isHead}
          hint={t(isHead ? 'audience-contest-school' : 'audience-contest')}
          frozen={isOut}
        />
        {error ? <Trouble error={error} /> : null}
        {done && <p role="status">{t('saved')}</p>}
        <div className={classes.bar}>
          {saved?.state === 'draft' && (
            <ContestSteps
              contest={saved}
              settle={keep}
              before={async () => (form.isDirty() ? save(form.getValues(), '') : saved)}
              mayStep={() => !form.validate().hasErrors}
            />
          )}
          <Button type="submit" variant={saved ? 'light' : 'filled'} loading={busy}>
            {t(saved ? 'save' : 'save-draft')}
          </Button>
        </div>
      </Form>
    </section>
  )
}
