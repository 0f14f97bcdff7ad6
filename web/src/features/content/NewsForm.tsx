import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
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
import { audienceValues } from '../../ui/audience/audience'
import classes from './Content.module.css'
import { editNews, EMPTY, loadNews, type News, type NewsValues, writeNews } from './news'
import { NewsState } from './NewsState'
import { NewsSteps } from './NewsSteps'
import { settleForm } from './settleForm'
import { Stale } from './Stale'
import { useWriter } from './useWriter'

const valuesOf = ({ title, body, pinned, is_public, audience }: News): NewsValues => ({
  title,
  body,
  pinned,
  is_public,
  audience: audienceValues(audience),
})

/** Title, text, whom it is for; what was typed stays, whatever happens. */
export function NewsForm({ saved }: { saved: News | undefined }) {
  const { t } = useTranslation(['content', 'ui'])
  const { isHead, home } = useWriter()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [now, setNow] = useState(saved) // as it was when it was read or written last
  const [other, setOther] = useState<News | null>(null)
  const form = useForm<NewsValues>({
    initialValues: saved ? valuesOf(saved) : EMPTY,
    validate: {
      title: (text) => (text.trim() ? null : t('ui:required')),
      body: (text) => (text.trim() ? null : t('ui:required')),
    },
  })
  const draft = useDraft(`news-${saved?.news_id ?? 'new'}`, form)

  function keep(news: News) {
    setNow(news)
    setOther(null)
    queries.setQueryData(['written', 'one', news.news_id], news)
    void queries.invalidateQueries({ queryKey: ['written', 'list'] })
    void queries.invalidateQueries({ queryKey: ['news'] })
  }

  async function save(values: NewsValues, key: string): Promise<News> {
    const news = now ? await editNews(now.news_id, now.etag, values) : await writeNews(values, key)
    keep(news)
    settleForm(form, values, valuesOf(news))
    draft.drop()
    return news
  }

  const { submit, busy, error } = useSubmit(form, async (values, key) => {
    try {
      const news = await save(values, key)
      if (!now) await navigate({ to: `${home}/${news.news_id}` as never, replace: true })
    } catch (refusal) {
      if (now && isStale(refusal)) {
        const theirs = await loadNews(now.news_id)
        setOther(theirs)
        setNow(theirs)
        return
      }
      throw refusal
    }
  })
  const isOver = now?.state === 'archived'
  return (
    <>
      {now && <NewsState news={now} />}
      {other && (
        <Stale>
          <strong>{other.title}</strong>
          {'\n'}
          {other.body}
        </Stale>
      )}
      <Form onSubmit={submit}>
        <TextInput label={t('news-title')} readOnly={isOver} {...form.getInputProps('title')} />
        <Textarea
          label={t('news-body')}
          description={t('news-body-hint')}
          minRows={8}
          readOnly={isOver}
          {...form.getInputProps('body')}
        />
        <Checkbox
          label={t('news-pin')}
          description={t('news-pin-hint')}
          disabled={isOver}
          {...form.getInputProps('pinned', { type: 'checkbox' })}
        />
        <Audience
          form={form}
          isHead={isHead}
          hint={t(isHead ? 'audience-school' : 'audience-city')}
          frozen={now?.state === 'published' || isOver}
        />
        {!isHead && (
          <Checkbox
            label={t('news-public')}
            description={t('news-public-hint')}
            disabled={isOver}
            {...form.getInputProps('is_public', { type: 'checkbox' })}
          />
        )}
        {error ? <Trouble error={error} /> : null}
        {!isOver && (
          <div className={classes.bar}>
            {now && (
              <NewsSteps
                news={now}
                settle={keep}
                before={async () => (form.isDirty() ? save(form.getValues(), '') : now)}
                mayStep={() => !form.validate().hasErrors}
              />
            )}
            <Button type="submit" variant={now ? 'light' : 'filled'} loading={busy}>
              {t(now ? 'save' : 'save-draft')}
            </Button>
          </div>
        )}
      </Form>
    </>
  )
}
