import { CloseButton, Loader, SimpleGrid, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Choices } from '../../ui/Choices'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { useListing } from '../../ui/useListing'
import { DocumentLine } from './DocumentLine'
import classes from './Documents.module.css'
import { type Filters, loadDocuments } from './documents'

/** Normative documents: the newest first, or the best of what is searched for as one types. */
export function Documents() {
  const { t } = useTranslation('documents')
  const filters = useSearch({ strict: false }) as Filters
  const load = (cursor: string | undefined) => loadDocuments(filters, cursor)
  const listed = useListing(['documents', 'list', filters], load, false, true)
  const searched = Boolean(filters.q ?? filters.specialty)
  const empty = searched ? 'empty-found' : filters.show === 'asked' ? 'empty-asked' : 'empty'
  return (
    <Page title={t('title')}>
      <search>
        <SimpleGrid cols={{ base: 1, xs: 2 }} style={{ alignItems: 'end' }}>
          <Typed name="q" label={t('search')} hint={t('search-hint')} busy={listed.isStale} />
          <Typed name="specialty" label={t('specialty')} hint={t('specialty-hint')} busy={false} />
        </SimpleGrid>
      </search>
      <Choices
        label={t('show')}
        name="show"
        options={[
          { value: undefined, label: t('show-all') },
          { value: 'in-force', label: t('show-in-force') },
          { value: 'asked', label: t('show-asked') },
        ]}
      />
      <Listing listed={listed} empty={t(empty)}>
        {(items) => (
          <ul className={classes.items} aria-busy={listed.isStale}>
            {items.map((one) => (
              <DocumentLine key={one.document_id} one={one} />
            ))}
          </ul>
        )}
      </Listing>
    </Page>
  )
}

interface TypedProps {
  name: 'q' | 'specialty'
  label: string
  hint: string
  busy: boolean
}

/** A field that is kept in the address while one types. */
function Typed({ name, label, hint, busy }: TypedProps) {
  const { t } = useTranslation('documents')
  const navigate = useNavigate()
  const kept = (useSearch({ strict: false }) as Filters)[name] ?? ''
  const [typed, setTyped] = useState<string | null>(null) // null: as the address says
  const keep = (value: string) =>
    void navigate({
      to: '.',
      search: (before: object) => ({ ...before, [name]: value.trim() || undefined }),
      replace: true,
    } as never)
  const find = useDebouncedCallback(keep, 250)
  const clear = () => {
    setTyped('')
    keep('')
  }
  const value = typed ?? kept
  return (
    <TextInput
      label={label}
      description={hint}
      value={value}
      autoComplete="off"
      enterKeyHint="search"
      rightSection={
        busy ? (
          <Loader size="xs" />
        ) : (
          value && <CloseButton size={44} aria-label={t('clear')} onClick={clear} />
        )
      }
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        find(event.currentTarget.value)
      }}
      onBlur={() => setTyped((now) => (now?.trim() === kept ? null : now))}
    />
  )
}
