import {costGroupings} from '../../store/cost-groupings.js';
import {costsOf, type CostGroup} from '../../store/costs.js';
import {costText} from '../../text/phrases.js';
import {type Place} from '../command.js';
import {choiceOf, dayOf} from '../flag-values.js';
import {json, paragraph, widthOf, wholeTable} from '../table.js';
import {withLog} from '../with-log.js';
import {type LookingFlags} from './looking-flags.js';

/**
What the calls in the log took, put together.

@throws UserError for a date there is not.
*/
export async function costs(
	flags: Pick<LookingFlags, 'by' | 'since' | 'until'> & {
		readonly json: boolean;
	},
	place: Place,
): Promise<number> {
	const by = choiceOf(flags.by ?? 'day', '--by', costGroupings);
	const span = {
		since: dayOf(flags.since, '--since', 0),
		until: dayOf(flags.until, '--until', 1),
	};
	const report = await withLog(place, log => costsOf(log, span, by));

	if (flags.json) {
		place.stdout.write(json(report && {by, ...span, ...report}));
		return 0;
	}

	const {groups = [], total, simulatedCalls = 0, embeddings} = report ?? {};

	if (total && groups.length > 0) {
		const names = Object.keys(groups[0]!.group);
		place.stdout.write(
			wholeTable(
				[...names, ...headings],
				[
					...groups.map(group => rowOf(group)),
					...(groups.length > 1
						? [['total', ...names.slice(1).map(() => ''), ...cells(total)]]
						: []),
				],
				widthOf(place),
			),
		);
	} else {
		place.stderr.write('Nothing that costs was called in that time.\n');
	}

	if (embeddings && embeddings.requests > 0) {
		const {requests, costUsd, unknown} = embeddings;
		place.stdout.write(
			paragraph(
				`Besides: ${requests} comparison${requests === 1 ? '' : 's'} by embeddings, ${costText(costUsd, unknown === 0)}.`,
				place.stdout,
			),
		);
	}

	if (simulatedCalls > 0) {
		place.stderr.write(
			paragraph(
				`Left out: ${simulatedCalls} call${simulatedCalls === 1 ? '' : 's'} of simulated runs.`,
				place.stderr,
			),
		);
	}

	return 0;
}

const headings = [
	'calls',
	'in',
	'cached',
	'written',
	'out',
	'reasoning',
	'cost',
];

const rowOf = (group: CostGroup) => [
	...Object.values(group.group),
	...cells(group),
];

/**
A plus is "or more"; what nobody told is a question mark, which is not 0.
*/
function cells({calls, usage, costUsd, unknown}: CostGroup): string[] {
	return [
		String(calls),
		...(
			[
				'inputTokens',
				'cachedTokens',
				'cacheWriteTokens',
				'outputTokens',
				'reasoningTokens',
			] as const
		).map(key => {
			const tokens = usage[key];
			return tokens === null
				? unknown[key] > 0
					? '?'
					: '0'
				: `${tokens}${unknown[key] > 0 ? '+' : ''}`;
		}),
		costUsd === null && unknown.costUsd === 0
			? costText(0)
			: costText(costUsd, unknown.costUsd === 0),
	];
}
