import { Button, Group, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { fullDate } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import classes from './Content.module.css'
import { loadDrafts, loadPublished } from './documents'
import { Parts } from './Parts'
import { StateBadge } from './StateBadge'

interface Filters {
  drafts?: boolean
  q?: string
}

/** Documents for those who write them: what is out, and what is not yet. */
export function Papers() {
  const { t } = useTranslation('content')
  const { drafts, q } = useSearch({ strict: false }) as Filters
  const listed = useListing(
    ['papers', drafts ?? false, q],
    (cursor) => (drafts ? loadDrafts(cursor) : loadPublished(q, cursor)),
    false,
    true,
  )
  return (
    <Page title={t('papers')}>
      <Parts />
      <Button component={Link} to={'/desk/content/documents/new' as never} w="fit-content">
        {t('paper-new')}
      </Button>
      <Choices
        label={t('state.label')}
        name="drafts"
        options={[
          { value: undefined, label: t('states.published') },
          { value: true, label: t('states.draft') },
        ]}
      />
      {!drafts && <Search q={q ?? ''} />}
      <Listing
        listed={listed}
        empty={t(drafts ? 'papers-empty-drafts' : q ? 'papers-empty-found' : 'papers-empty')}
      >
        {(items) => (
          <ul className={classes.items}>
            {items.map((one) => (
              <li key={one.document_id} className={classes.item}>
                <Link to={`/desk/content/documents/${one.document_id}` as never} className={classes.title}>
                  {one.title}
                </Link>
                <Group gap="xs">
                  <StateBadge state={one.current_no === null ? 'draft' : 'published'} />
                  <Text size="sm" c="dimmed">
                    {t('paper-named', {
                      kind: t(`doc-kind.${one.kind}`),
                      number: one.number,
                      on: fullDate(one.issued_on),
                    })}
                  </Text>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

function Search({ q }: { q: string }) {
  const { t } = useTranslation('content')
  const navigate = useNavigate()
  const find = useDebouncedCallback((typed: string) => {
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, q: typed.trim() || undefined }),
      replace: true,
    } as never)
  }, 250)
  return (
    <search>
      <TextInput
        label={t('papers-search')}
        defaultValue={q}
        autoComplete="off"
        onChange={(event) => find(event.currentTarget.value)}
      />
    </search>
  )
}
