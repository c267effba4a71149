import {costText, shareText} from '../../text/phrases.js';
import {listFoundRuns, type FoundRunSummary} from '../../store/found-runs.js';
import {hasDeleted} from '../../store/log-status.js';
import {listRuns, type RunSummary} from '../../store/runs.js';
import {shortIds} from '../../store/short-ids.js';
import {type Place} from '../command.js';
import {mannerText} from '../describe.js';
import {limitOf} from '../flag-values.js';
import {emptyLogText} from '../logs/why-nothing.js';
import {
	excerpt,
	isNarrow,
	json,
	minuteOf,
	sharedTable,
	shortMinuteOf,
	widthOf,
} from '../table.js';
import {withLog} from '../with-log.js';
import {withOwnKeys} from './own-keys.js';
import {type LookingFlags} from './looking-flags.js';

/**
The latest runs, those that were imported among ours, oldest first, with what to type for those that can go on.
*/
export async function list(
	flags: Pick<LookingFlags, 'count' | 'conversation'> & {
		readonly json: boolean;
	},
	place: Place,
): Promise<number> {
	const conversationId = flags.conversation?.trim().toLowerCase() ?? null;
	const limit = limitOf(flags.count);
	const damaged: string[] = [];
	const width = widthOf(place);
	const found = await withLog(place, log => {
		const latest = [
			...listRuns(log, {
				limit,
				conversationId,
				onDamaged(id) {
					damaged.push(id);
				},
			}),
			...listFoundRuns(log, {limit, conversationId}),
		];
		const oldestFirst = latest
			.toSorted((a, b) =>
				a.startedAt === b.startedAt
					? a.id < b.id
						? -1
						: 1
					: a.startedAt - b.startedAt,
			)
			.slice(limit < 0 ? 0 : -limit);
		const shortId = shortIds(log);

		return {
			oldestFirst,
			ids: oldestFirst.map(({id}) => (isNarrow(width) ? shortId(id) : id)),
			isDeleted: hasDeleted(log),
		};
	});
	const {oldestFirst, ids, isDeleted} = found ?? nothing;

	for (const id of damaged) {
		place.stderr.write(
			`The log is damaged: the run ${id} cannot be read and is left out.\n`,
		);
	}

	if (flags.json) {
		place.stdout.write(
			json(
				oldestFirst.map(run =>
					run.status === 'imported' ? withOwnKeys(run) : run,
				),
			),
		);
		return 0;
	}

	if (oldestFirst.length === 0 && damaged.length === 0) {
		place.stderr.write(
			conversationId === null
				? `${emptyLogText(isDeleted)}\n`
				: `The log has no run of a conversation \`${conversationId}\`.\n`,
		);
		return 0;
	}

	place.stdout.write(
		sharedTable(
			['id', 'time', 'ended', 'conf', 'prompt', 'consortium', 'cost', 'kind'],
			oldestFirst.map((run, index) => [
				ids[index]!,
				...cellsOf(run, isNarrow(width) ? shortMinuteOf : minuteOf),
			]),
			{width, shared: ['prompt', 'consortium']},
		),
	);

	for (const {id, status} of oldestFirst) {
		if (status === 'interrupted') {
			place.stderr.write(
				`Interrupted; resume with: consortium-tui runs resume ${id}\n`,
			);
		}
	}

	return 0;
}

const nothing = {oldestFirst: [], ids: [], isDeleted: false} as const;

const kinds = {
	ask: '',
	retry: 'asked again',
	rearbitrate: 'judged again',
} as const satisfies Record<RunSummary['kind'], string>;

/**
What tells most comes first: a narrow terminal cuts the rest.
*/
function cellsOf(
	run: RunSummary | FoundRunSummary,
	timeOf: (at: number) => string,
): string[] {
	const isImported = run.status === 'imported';

	return [
		timeOf(run.startedAt),
		isImported ? (run.answer ? 'answered' : 'unanswered') : run.status,
		confidenceCell(run),
		excerpt(run.prompt),
		run.consortium ?? '?',
		isImported
			? ''
			: run.simulated
				? 'simulated'
				: costText(run.costUsd, run.costIsComplete),
		isImported
			? 'imported'
			: [
					mannerText(run),
					kinds[run.kind],
					run.timesResumed > 0 ? 'resumed' : '',
				]
					.filter(Boolean)
					.join(', '),
	];
}

/**
Of a vote nobody states how certain it is.
*/
function confidenceCell(run: RunSummary | FoundRunSummary): string {
	if (run.confidence !== null) {
		return shareText(run.confidence);
	}

	return run.status !== 'imported' &&
		run.answer !== null &&
		run.strategies.some(({name}) => name === 'voting')
		? 'vote'
		: '?';
}
