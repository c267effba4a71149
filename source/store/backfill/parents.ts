import {type Statements} from '../statements.js';
import {type Evidence, type Parent} from './found.js';
import {type PlaceRow} from './places.js';

/**
What a recorded place in a run is to the run whose output has it, in JSON.
*/
export function parentOf(place: PlaceRow): string {
	const parent: Parent = {
		runId: place.run_id!,
		role: place.role!,
		iteration: place.iteration,
		instance: place.instance,
		evidence: [
			...new Set<Evidence>([
				'recorded',
				...(JSON.parse(place.evidence) as Evidence[]),
			]),
		],
		score: place.score!,
	};
	return JSON.stringify(parent);
}

export function isRecordedParent(parent: string | null): boolean {
	return (
		parent !== null &&
		(JSON.parse(parent) as Parent).evidence.includes('recorded')
	);
}

/**
Whether a response that a run is to have as a call of its own is the answer of another run, and stays that.
*/
export function isAnswerElsewhere(
	before: PlaceRow | null,
	{run_id: runId, role}: PlaceRow,
): boolean {
	return (
		role !== 'output' && before?.role === 'output' && before.run_id !== runId
	);
}

/**
Tell a run which other one asked it, unless a record says so already.
*/
export function tellParent(
	statements: Statements,
	id: string,
	parent: string,
): void {
	statements.run(
		`UPDATE consortium_found_runs SET parent = @parent
		WHERE id = @id AND (parent IS NULL OR instr(parent, '"recorded"') = 0)`,
		{id, parent},
	);
}

/**
Tell the runs that a run asked that it has another id.
*/
export function tellNested(
	statements: Statements,
	from: string,
	to: string,
): void {
	statements.run(
		`UPDATE consortium_found_runs
		SET parent = json_set(parent, '$.runId', @to)
		WHERE parent IS NOT NULL AND parent ->> '$.runId' = @from`,
		{from, to},
	);
}
