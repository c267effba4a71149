import {foreignTrouble} from '../../store/import/foreign-trouble.js';
import {openForeign} from '../../store/import/open-foreign.js';
import {assertOrdinary} from '../../store/backfill/their-file.js';
import {type FoundRun} from '../../store/backfill/found.js';
import {planRuns} from '../../store/backfill/plan-runs.js';
import {openLog} from '../../store/database.js';
import {type Log} from '../../store/log.js';
import {logPath} from '../load-config.js';
import {json, paragraph, table, widthOf} from '../table.js';
import {search, type Search} from './backfill-search.js';
import {createTally, many, type Tally} from './backfill-tally.js';
import {type LogsCall} from './logs-call.js';

/**
What two algorithms find in the same rows.
*/
type Comparison = {
	readonly file: string;
	readonly ours: Tally;
	readonly plan: Tally & {
		readonly skipped: number;
		readonly unreadable: number;
	};

	/**
	Responses to which both give the same part, in whatever run; a part that only one of them gives; and parts that differ.
	*/
	readonly same: number;
	readonly onlyOurs: number;
	readonly onlyPlan: number;
	readonly differing: number;
};

/**
Compare with what the plan of 2025 would find, in files or in our log. Nothing is written.

@throws UserError when a file cannot be read.
*/
export async function compare(
	call: LogsCall,
	options: Search,
): Promise<number> {
	const {input, flags, place} = call;
	const {stdout} = place;
	const log = openLog(logPath(place.environment));
	const comparisons: Comparison[] = [];

	try {
		if (input.length === 0) {
			comparisons.push(await comparisonOf(log, call, options));
		}

		for (const file of input) {
			const foreign = openForeign(file, log);

			try {
				assertOrdinary(foreign.db, file);
				comparisons.push(await comparisonOf(foreign.db, call, options));
			} catch (error) {
				throw foreignTrouble(file, error);
			} finally {
				foreign.close();
			}
		}
	} finally {
		log.close();
	}

	stdout.write(
		flags.json
			? json(comparisons)
			: comparisons.map(each => shown(each, place)).join('\n'),
	);
	return 0;
}

/**
0, 1 or 2 as in `is_arbiter_response`, for each response of a run.
*/
function partsIn(runs: readonly FoundRun[]): Map<string, number> {
	return new Map(
		runs.flatMap(({responses}) =>
			responses.map(
				({responseId, isArbiterResponse}) =>
					[responseId, isArbiterResponse] as const,
			),
		),
	);
}

async function comparisonOf(
	database: Log,
	call: LogsCall,
	options: Search,
): Promise<Comparison> {
	const found: FoundRun[] = [];
	const ours = await search(database, options, {
		call,
		hear(each) {
			if ('responses' in each) {
				found.push(each);
			}
		},
	});
	const startedAt = performance.now();
	const {runs, skipped, unreadable} = planRuns(database, options);
	const tally = createTally();

	for (const run of runs) {
		tally.add(run);
	}

	const [here, there] = [partsIn(found), partsIn(runs)];
	const both = [...here].filter(([id]) => there.has(id));
	const same = both.filter(([id, part]) => there.get(id) === part).length;

	return {
		file: database.name,
		ours,
		plan: {
			...tally.total(ours.rows, performance.now() - startedAt),
			skipped,
			unreadable,
		},
		same,
		onlyOurs: here.size - both.length,
		onlyPlan: there.size - both.length,
		differing: both.length - same,
	};
}

const parts = {
	runs: 'runs',
	withoutAnswer: 'of them without their final answer',
	finalArbiters: 'final arbiters',
	earlierArbiters: 'earlier arbiters',
	members: 'members',
	doubts: 'uncertain, left to a person',
} as const satisfies Partial<Record<keyof Tally, string>>;

function shown(
	{file, ours, plan, same, onlyOurs, onlyPlan, differing}: Comparison,
	place: LogsCall['place'],
): string {
	const rows = (Object.keys(parts) as Array<keyof typeof parts>).map(part => [
		parts[part],
		String(ours[part]),
		String(plan[part]),
	]);

	return [
		`${file}: what two ways to find runs make of the same ${many(ours.rows, 'answer')}; nothing is written.\n`,
		table(
			['found', 'by this program', 'by the plan of 2025'],
			rows,
			widthOf(place),
		),
		...[
			'This program goes by times, models and texts, and asks where it is uncertain; the plan takes the answer before a final answer for its arbiter, and what is literally in the arbiter’s prompt for its members.',
			`Compared answer by answer: ${many(same, 'answer')} with the same role in both, ${differing} with another; ${onlyOurs} with a role only by this program, ${onlyPlan} only by the plan.`,
			plan.runs + plan.skipped === 0
				? 'The plan knows consortiums by their names alone, and none of them answered here: name more with --models FILE.'
				: `The plan gave up ${many(plan.skipped, 'final answer')} for what stands before ${plan.skipped === 1 ? 'it' : 'them'}, and could not read the prompt of ${many(plan.unreadable, 'arbiter')}.`,
		].map(line => paragraph(line, place.stdout)),
	].join('');
}
