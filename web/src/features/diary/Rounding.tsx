import { Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { cabinet, unwrap } from '../../api/client'
import type { components } from '../../api/generated/cabinet'
import { Trouble } from '../../ui/Trouble'

type Rule = components['schemas']['RulesIn']['rounding']
const RULES: Rule[] = ['from-50', 'from-60', 'teacher']
const KEY = ['diary', 'rules']

/** By which rule a final mark follows from an average at this school. */
export function Rounding() {
  const { t } = useTranslation('diary')
  const queries = useQueryClient()
  const rules = useQuery({
    queryKey: KEY,
    queryFn: async () =>
      (await unwrap(cabinet.GET('/api/cabinet/rules'))) as unknown as { rounding: Rule; version: number },
  })
  const change = useMutation({
    mutationFn: (rounding: Rule) =>
      unwrap(
        cabinet.PUT('/api/cabinet/rules', {
          body: { rounding },
          params: { header: { 'If-Match': `"${rules.data?.version ?? 0}"` } },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  })
  if (rules.isPending) return <Skeleton h={96} />
  if (rules.isError) return <Trouble error={rules.error} again={() => void rules.refetch()} />
  return (
    <Stack component="section" gap="xs" aria-labelledby="rounding">
      <Title order={2} size="h3" id="rounding">
        {t('rounding')}
      </Title>
      <Select
        aria-labelledby="rounding"
        maw={480}
        data={RULES.map((value) => ({ value, label: t(`rounding-is.${value}`) }))}
        value={change.isPending ? change.variables : rules.data.rounding}
        allowDeselect={false}
        onChange={(value) => value && change.mutate(value)}
      />
      {change.isSuccess && (
        <Text role="status" size="sm">
          {t('saved-one')}
        </Text>
      )}
      {change.isError && <Trouble error={change.error} />}
    </Stack>
  )
}
