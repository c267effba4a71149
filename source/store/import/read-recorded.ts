import {parseVerdict} from '../../core/reading/verdict.js';
import {type Log} from '../log.js';
import {batchesOf} from './batches.js';
import {type ImportSummary} from './import-summary.js';
import {countRows, finder, type Table, type Tables} from './probe.js';
import {type RecordedResponse, type RecordedRun} from './recorded-run.js';
import {
	fieldOf,
	momentOf,
	numberOf,
	parsed,
	textOf,
	type ForeignRow,
} from './values.js';

const runsAtOnce = 200;

/**
The runs in the plug-in's own tables, in batches: as its version 0.8 writes them, or as its older layout with a table of iterations did.
*/
export function* recordedRuns(
	db: Log,
	tables: Tables,
	summary: ImportSummary,
): Generator<RecordedRun[], void, void> {
	const table = tables.get('consortium_runs');

	if (!table) {
		return;
	}

	const idName = table.columns.includes('id') ? 'id' : 'run_id';
	const responsesOf = tables.has('consortium_iterations')
		? createIterationReader(db, tables)
		: createMemberReader(db, tables);

	const confidenceIn = createConfidenceReader(db, tables);

	for (const {rows} of batchesOf(db, table, {summary})) {
		for (let at = 0; at < rows.length; at += runsAtOnce) {
			yield rows.slice(at, at + runsAtOnce).map(row => {
				const run = runOf(row, idName, responsesOf);
				return {...run, confidence: confidenceIn(run)};
			});
		}
	}
}

type ResponsesOf = (runId: unknown) => readonly RecordedResponse[];

function runOf(
	row: ForeignRow,
	idName: string,
	responsesOf: ResponsesOf,
): RecordedRun {
	const startedAt = momentOf(row['created_at'] ?? row['start_timestamp']);
	const endedAt = momentOf(row['end_timestamp']);
	const config = parsed(textOf(row['consortium_config']));

	return {
		recordedId: textOf(row[idName]),
		consortium: textOf(row['config_name']),
		arbiter: textOf(fieldOf(config, 'arbiter')),
		prompt: textOf(row['user_prompt'] ?? row['original_prompt']),
		confidence: numberOf(row['final_confidence']),
		iterations: numberOf(row['iteration_count'] ?? row['iterations_performed']),
		startedAt,
		durationMs:
			startedAt === null || endedAt === null
				? null
				: Math.max(0, endedAt - startedAt),
		responses: responsesOf(row[idName]),
	};
}

/**
The plug-in writes 0 also where its arbiter failed, or said nothing that it could read: a 0 counts when the arbiter's last text says so.
*/
function createConfidenceReader(
	db: Log,
	tables: Tables,
): (run: RecordedRun) => number | null {
	const rowsOf = finder(db, tables.get('responses'), ['id']);

	return ({confidence, responses}) => {
		if (confidence !== 0) {
			return confidence;
		}

		const last = responses
			.filter(({role}) => role === 'arbiter')
			.toSorted((a, b) => (a.iteration ?? 0) - (b.iteration ?? 0))
			.at(-1);
		const text = last ? textOf(rowsOf(last.id)[0]?.['response']) : null;
		return text !== null && parseVerdict(text).confidence === 0 ? 0 : null;
	};
}

/**
Version 0.8: `role` is the member's model, or `arbiter`; `member_index` counts its instances from 0.
*/
function createMemberReader(db: Log, tables: Tables): ResponsesOf {
	const membersOf = finder(db, tables.get('consortium_members'), ['run_id']);
	const decisionsOf = finder(db, tables.get('arbiter_decisions'), ['run_id']);

	return runId => [
		...membersOf(runId).flatMap(row => {
			const model = textOf(row['role']) ?? '';
			const index = numberOf(row['member_index']) ?? 0;
			return responseOf(row['response_id'], row['iteration'], {
				model,
				isArbiter: model === 'arbiter',
				number: index + 1,
			});
		}),
		...decisionsOf(runId).flatMap(row =>
			responseOf(row['response_id'], row['iteration'], {
				model: 'arbiter',
				isArbiter: true,
				number: 1,
			}),
		),
	];
}

/**
The older layout: each iteration names its arbiter's response, and a third table those of the members. A model is written `model-inst1`, or `Arbiter-model`.
*/
function createIterationReader(db: Log, tables: Tables): ResponsesOf {
	const links = tables.get('consortium_iteration_responses');
	const iterations = tables.get('consortium_iterations');
	const iterationsOf = finder(db, iterations, ['run_id']);
	const linksOf = finder(db, links, ['iteration_id']);
	const modelOf = finder(db, tables.get('responses'), ['id']);

	return runId =>
		iterationsOf(runId).flatMap(row => {
			const number = row['iteration_number'] ?? row['iteration'];
			const arbiter = responseOf(row['arbiter_response_id'], number, {
				model: 'arbiter',
				isArbiter: true,
				number: 1,
			});

			return [
				...arbiter,
				...linksOf(row['iteration_id'] ?? row['id']).flatMap(link => {
					const written =
						textOf(link['model'] ?? link['model_id'] ?? link['model_name']) ??
						textOf(modelOf(link['response_id'])[0]?.['model']) ??
						'';
					const [, model, instance] =
						/^(.*?)(?:-inst(\d+))?$/sv.exec(written) ?? [];
					return textOf(link['response_id']) === arbiter[0]?.id
						? []
						: responseOf(link['response_id'], number, {
								model: model ?? '',
								isArbiter: written.startsWith('Arbiter-'),
								number: numberOf(instance ?? link['instance']) ?? 1,
							});
				}),
			];
		});
}

function responseOf(
	responseId: unknown,
	iteration: unknown,
	{
		model,
		isArbiter,
		number,
	}: {
		readonly model: string;
		readonly isArbiter: boolean;
		readonly number: number;
	},
): RecordedResponse[] {
	const id = textOf(responseId);

	return id === null
		? []
		: [
				{
					id,
					role: isArbiter ? 'arbiter' : 'member',
					iteration: numberOf(iteration),
					instance: isArbiter || model === '' ? null : `${model}#${number}`,
				},
			];
}

/**
Tables of the plug-in from which nothing is taken, with what they hold.
*/
const leftOut: Readonly<Record<string, string>> = {
	evaluations: 'an evaluation, which has no answers in it',
	model_performance: 'a figure of how well a model did, which has no answers',
	response_embeddings: 'an embedding of an answer',
	consensus_clusters: 'a cluster of answers, which is made from embeddings',
};

/**
What the plug-in's other tables hold and why it is left out, with how many rows of each.
*/
export function leftOutTables(
	db: Log,
	tables: Tables,
): ReadonlyArray<readonly [reason: string, rows: number]> {
	return Object.entries(leftOut).flatMap(([name, reason]) => {
		const table: Table | undefined = tables.get(name);
		return table ? [[reason, countRows(db, name)] as const] : [];
	});
}
