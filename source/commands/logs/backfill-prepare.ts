import {accessSync, constants, existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {type Doubt, type FoundRun} from '../../store/backfill/found.js';
import {type Known} from '../../store/backfill/known-runs.js';
import {type Pending} from '../../store/backfill/write-back.js';
import {type Log} from '../../store/log.js';
import {logPath} from '../load-config.js';
import {search, type Search} from './backfill-search.js';
import {type Tally} from './backfill-tally.js';
import {type LogsCall} from './logs-call.js';

/**
Of the findings that are uncertain, so many are told one by one.
*/
const mostTold = 5;

/**
A file that was looked through.
*/
export type Looked = {
	readonly file: string;
	readonly database: Log;
	readonly found: Tally;

	/**
	The first of those that a person has to decide, each with the question that was asked.
	*/
	readonly uncertain: ReadonlyArray<{
		readonly id: string;
		readonly question: string;
		readonly reason: string;
	}>;

	/**
	By the ids by which the plug-in knew them, the answers that are in this file; and, the other way round, the runs whose answers are not.
	*/
	readonly outputs: ReadonlyMap<string, string>;
	readonly recordedIds: ReadonlyMap<string, string>;

	/**
	For each of those runs the id by which the plug-in knew it; null where no record tells.
	*/
	readonly withoutOutput: ReadonlyArray<string | null>;
};

/**
The same with what would be written into it.
*/
export type Prepared = Looked & {
	readonly pending: Pending;

	/**
	Runs that have the ids of their answers, which are in other files.
	*/
	readonly elsewhere: number;
};

export type Looking = {
	readonly call: LogsCall;
	readonly options: Search;

	/**
	What has to be closed.
	*/
	readonly opened: Log[];
};

/**
What our log knows, where there is one, and where persons put responses.
*/
export async function knownIn({call, opened}: Looking) {
	const {knownTo, nothingKnown} =
		await import('../../store/backfill/known-runs.js');
	const path = logPath(call.place.environment);

	if (!existsSync(path)) {
		return {known: nothingKnown, decided: new Map<string, null>()};
	}

	const {decidedPlaces} = await import('../../store/backfill/doubts.js');
	const {openLog} = await import('../../store/database.js');
	const log = openLog(path);
	opened.push(log);
	return {known: knownTo(log), decided: decidedPlaces(log)};
}

/**
Look through a file, and see whether what is found can be written there. What our log is certain of counts more than what the file alone tells.
*/
export async function lookThrough(
	file: string,
	{call, options, opened}: Looking,
	{known, decided}: Awaited<ReturnType<typeof knownIn>>,
): Promise<Looked> {
	const {openTheirs} = await import('../../store/backfill/their-file.js');
	const {stageRuns, unstage} =
		await import('../../store/backfill/write-back.js');
	const {recordedArbiters} = await import('../../store/backfill/known-runs.js');
	const database = openTheirs(file);
	opened.push(database);
	// Its backup goes beside it.
	accessSync(dirname(file), constants.W_OK);
	const stage = stageRuns(database);

	for (const [responseId, place] of decided) {
		if (place) {
			stage({id: place.runId, responses: [{responseId, ...place}]});
		}
	}

	const questionOf = database
		.prepare<[string | null], string | null>(
			'SELECT substr(CAST(prompt AS TEXT), 1, 500) FROM responses WHERE id = ?',
		)
		.pluck();
	const arbiters = recordedArbiters(database);
	const outputs = new Map<string, string>();
	const recordedIds = new Map<string, string>();
	const withoutOutput: Array<string | null> = [];
	const uncertain: Array<Looked['uncertain'][number]> = [];
	const unsure = new Set<string>();
	let settled = 0;

	const hearRun = (run: FoundRun) => {
		const final = run.responses.find(each => each.isArbiterResponse === 1);
		const recordedId =
			run.recordedId ??
			arbiters.get(final?.responseId ?? '')?.recordedId ??
			null;

		if (recordedId !== null && run.outputId !== null) {
			outputs.set(recordedId, run.outputId);
		}

		if (run.outputId === null) {
			withoutOutput.push(recordedId);
		}

		for (const {responseId, isArbiterResponse} of run.responses) {
			const recorded = arbiters.get(responseId);
			const place = known.placeOf(responseId) ?? {
				runId: run.id,
				isArbiterResponse: recorded
					? recorded.isFinal
						? 1
						: 2
					: isArbiterResponse,
			};

			if (place.runId === null) {
				continue;
			}

			stage({id: place.runId, responses: [{responseId, ...place}]});

			if (recordedId !== null && run.outputId === null) {
				recordedIds.set(place.runId, recordedId);
			}
		}
	};

	const hearDoubt = (doubt: Doubt) => {
		const {isSettled, place} = known.settled(doubt);
		const {responseId, runId, reason} = doubt;

		if (isSettled) {
			settled++;

			if (responseId !== null && place !== null && place.runId !== null) {
				stage({id: place.runId, responses: [{responseId, ...place}]});
			}

			return;
		}

		if (responseId !== null) {
			unsure.add(responseId);
		}

		if (uncertain.length < mostTold) {
			const question = questionOf.get(responseId ?? runId) ?? '';
			uncertain.push({id: responseId ?? runId ?? doubt.id, question, reason});
		}
	};

	const tally = await search(database, options, {
		call,
		hear(each) {
			if ('responses' in each) {
				hearRun(each);
			} else {
				hearDoubt(each);
			}
		},
	});

	unstage(database, unsure);
	return {
		file,
		database,
		found: {...tally, doubts: tally.doubts - settled},
		uncertain,
		outputs,
		recordedIds,
		withoutOutput,
	};
}

/**
Give the runs whose answers are in other files, or were imported from them, the ids of those, and count what would be written.
*/
export async function prepareFile(
	looked: Looked,
	all: readonly Looked[],
	known: Known,
): Promise<Prepared> {
	const {pendingIn, renameStaged} =
		await import('../../store/backfill/write-back.js');
	const outputOf = (recordedId: string) =>
		all.find(({outputs}) => outputs.has(recordedId))?.outputs.get(recordedId) ??
		known.outputOf(recordedId);
	const names = new Map<string, string>();

	for (const [runId, recordedId] of looked.recordedIds) {
		const output = outputOf(recordedId);

		if (output !== null) {
			names.set(runId, output);
		}
	}

	renameStaged(looked.database, names);
	return {
		...looked,
		pending: pendingIn(looked.database),
		elsewhere: looked.withoutOutput.filter(
			each => each !== null && outputOf(each) !== null,
		).length,
	};
}
