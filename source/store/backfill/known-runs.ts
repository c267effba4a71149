import {emptySummary} from '../import/import-summary.js';
import {probe} from '../import/probe.js';
import {recordedRuns} from '../import/read-recorded.js';
import {type Log} from '../log.js';
import {explained} from '../store-error.js';
import {type Doubt, type Proposal} from './found.js';

/**
Where a response belongs; into no run where that is null.
*/
export type KnownPlace = Pick<Proposal, 'isArbiterResponse'> & {
	readonly runId: string | null;
};

/**
What our log knows of what is in other files.
*/
export type Known = {
	/**
	As a record or a person says it; null when neither does.
	*/
	readonly placeOf: (responseId: string) => KnownPlace | null;

	/**
	Whether nobody needs to decide this any more, and the place that was found then.
	*/
	readonly settled: (doubt: Doubt) => {
		readonly isSettled: boolean;
		readonly place: KnownPlace | null;
	};

	/**
	The answer of the run that the plug-in knew by this id.
	*/
	readonly outputOf: (recordedId: string) => string | null;
};

export const nothingKnown: Known = {
	placeOf: () => null,
	settled: () => ({isSettled: false, place: null}),
	outputOf: () => null,
};

const placeSql = `
	SELECT run_id AS runId, is_arbiter_response AS isArbiterResponse
	FROM consortium_found_responses AS places WHERE response_id = ?`;

/**
@throws UserError when the log is damaged, here and later.
*/
export function knownTo(log: Log): Known {
	return explained(log.name, () => {
		const certain = log.prepare<[string], KnownPlace>(
			`${placeSql} AND decided_by <> 'evidence'`,
		);
		const found = log.prepare<[string], KnownPlace>(
			`${placeSql} AND (decided_by <> 'evidence' OR NOT EXISTS (
				SELECT 1 FROM consortium_doubts AS doubts
				WHERE doubts.response_id = places.response_id AND decision IS NULL
			))`,
		);
		// What was decided may have left nothing to decide of other doubts.
		const decided = log.prepare<{id: string}>(
			`SELECT 1 FROM consortium_doubts WHERE decision IS NOT NULL
				AND (id = @id OR instr(decision, json_quote(@id)) > 0)`,
		);
		const logged = log.prepare<[string]>(
			'SELECT 1 FROM responses WHERE id = ?',
		);
		const recorded = log.prepare<[string]>(
			`SELECT 1 FROM consortium_found_responses
			WHERE run_id = ? AND decided_by = 'record' AND role <> 'output' LIMIT 1`,
		);
		// A record names all calls of its run, and not this one.
		const isNone = (responseId: string, proposals: readonly Proposal[]) =>
			proposals.length > 0 &&
			logged.get(responseId) !== undefined &&
			proposals.every(({runId}) => recorded.get(runId) !== undefined);
		const output = log
			.prepare<[string], string>(
				`SELECT output_id FROM consortium_found_runs
				WHERE recorded_id = ? AND output_id IS NOT NULL`,
			)
			.pluck();
		const ask = <Value>(work: () => Value | undefined) =>
			explained(log.name, work) ?? null;

		return {
			placeOf: responseId => ask(() => certain.get(responseId)),
			settled: ({id, responseId, proposals}) =>
				explained(log.name, () => {
					const place =
						responseId === null ? null : (found.get(responseId) ?? null);
					return {
						place,
						isSettled:
							place !== null ||
							decided.get({id}) !== undefined ||
							(responseId !== null && isNone(responseId, proposals)),
					};
				}),
			outputOf: recordedId => ask(() => output.get(recordedId)),
		};
	});
}

/**
The arbiters' responses of the runs that the plug-in recorded in its own tables of a file, with the id by which it knew the run.
*/
export function recordedArbiters(
	database: Log,
): ReadonlyMap<
	string,
	{readonly recordedId: string; readonly isFinal: boolean}
> {
	const batches = recordedRuns(database, probe(database), emptySummary());
	const found = new Map<string, {recordedId: string; isFinal: boolean}>();

	for (const batch of batches) {
		for (const {recordedId, responses} of batch) {
			const arbiters = responses
				.filter(({role}) => role === 'arbiter')
				.toSorted((a, b) => (a.iteration ?? 0) - (b.iteration ?? 0));

			for (const {id} of recordedId === null ? [] : arbiters) {
				const isFinal = id === arbiters.at(-1)!.id;
				found.set(id, {recordedId: recordedId!, isFinal});
			}
		}
	}

	return found;
}
