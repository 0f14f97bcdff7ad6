import { Button, Select, SimpleGrid, TagsInput, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isStale } from '../../api/tagged'
import { Form } from '../../ui/Form'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Audience } from '../../ui/audience/Audience'
import {
  type Card,
  type CardValues,
  cardValues,
  editCard,
  EMPTY,
  KINDS,
  loadCard,
  writeCard,
} from './documents'
import { settleForm } from './settleForm'
import { Stale } from './Stale'
import { Supersedes } from './Supersedes'

/** What a document is called, for whom it is, what it takes the place of. */
export function CardForm({ card }: { card: Card | undefined }) {
  const { t } = useTranslation(['content', 'ui'])
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [other, setOther] = useState<Card | null>(null)
  const [saved, setSaved] = useState(false)
  const needed = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm<CardValues>({
    initialValues: card ? cardValues(card) : EMPTY,
    validate: { number: needed, issued_on: needed, issuer: needed, title: needed },
  })
  const draft = useDraft(`document-${card?.document_id ?? 'new'}`, form)
  const show = (it: Card) => queries.setQueryData(['paper', 'card', it.document_id], it)
  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    setSaved(false)
    try {
      const now = card ? await editCard(card.document_id, card.etag, values) : await writeCard(values, key)
      show(now)
      setOther(null)
      setSaved(true)
      settleForm(form, values, cardValues(now))
      draft.drop()
      void queries.invalidateQueries({ queryKey: ['papers'] })
      if (!card) await navigate({ to: `/desk/content/documents/${now.document_id}` as never, replace: true })
    } catch (refusal) {
      if (!card || !isStale(refusal)) throw refusal
      const theirs = await loadCard(card.document_id)
      setOther(theirs)
      show(theirs)
    }
  })
  return (
    <section aria-labelledby="card">
      <Title order={2} size="h3" id="card" mb="sm">
        {t('card')}
      </Title>
      {other && (
        <Stale>
          {t('paper-named', { kind: t(`doc-kind.${other.kind}`), number: other.number, on: other.issued_on })}
          {'\n'}
          {other.title}
        </Stale>
      )}
      <Form onSubmit={submit}>
        <TextInput label={t('doc-title')} {...form.getInputProps('title')} />
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <Select
            label={t('doc-kind.label')}
            allowDeselect={false}
            data={KINDS.map((value) => ({ value, label: t(`doc-kind.${value}`) }))}
            {...form.getInputProps('kind')}
          />
          <TextInput label={t('doc-number')} {...form.getInputProps('number')} />
          <TextInput type="date" label={t('doc-issued')} {...form.getInputProps('issued_on')} />
        </SimpleGrid>
        <TextInput label={t('doc-issuer')} {...form.getInputProps('issuer')} />
        <TagsInput
          label={t('doc-specialties')}
          description={t('doc-specialties-hint')}
          {...form.getInputProps('specialties')}
        />
        <Supersedes
          isFixed={card?.current_no !== undefined && card.current_no !== null}
          {...form.getInputProps('supersedes')}
        />
        <Audience form={form} isHead={false} hint={t('audience-document')} />
        {error ? <Trouble error={error} /> : null}
        {saved && <p role="status">{t('saved')}</p>}
        <Button type="submit" variant={card ? 'light' : 'filled'} loading={busy} w="fit-content">
          {t(card ? 'save' : 'card-save')}
        </Button>
      </Form>
    </section>
  )
}
