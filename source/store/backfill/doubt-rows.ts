import {UserError} from '../../core/user-error.js';
import {type Statements} from '../statements.js';
import {type Doubt, type Proposal} from './found.js';

export type DoubtRow = {
	readonly id: string;
	readonly run_id: string | null;
	readonly response_id: string | null;
	readonly kind: Doubt['kind'];
	readonly reason: string;
	readonly proposals: string;
	readonly score: number | null;
	readonly found_at: number;
	readonly decision: string | null;
	readonly version: number;
};

/**
A doubt as it was before a proposal was taken from it.
*/
export type NarrowedDoubt = Omit<DoubtRow, 'proposals'> & {
	readonly proposals: readonly Proposal[];
};

export function proposalsOf({proposals}: DoubtRow): Proposal[] {
	return JSON.parse(proposals) as Proposal[];
}

/**
@throws UserError when the chosen run is gone, or has another response in the chosen place.
*/
export function assertOpen(
	statements: Statements,
	responseId: string,
	chosen: Proposal | null,
): void {
	if (chosen === null) {
		return;
	}

	const {runId, role, iteration, instance} = chosen;

	if (!isThere(statements, runId)) {
		throw new UserError(
			`The run ${runId} is no longer in the log.`,
			'Look for runs anew: consortium-tui logs backfill',
		);
	}

	const taken = statements.get(
		`SELECT 1 FROM consortium_found_responses
		WHERE run_id = @runId AND role = @role AND iteration = @iteration
			AND instance = @instance AND response_id <> @responseId`,
		{runId, role, iteration, instance, responseId},
	);

	if (taken !== undefined) {
		throw new UserError(
			`The run ${runId} has another answer of ${instance} in iteration ${iteration}.`,
			'Choose another place, or none; or undo the decision that put it there.',
		);
	}
}

/**
Take a place out of what other open doubts propose: those that did, as they were. Where nobody knows which instance or iteration it is, others may have it as well.
*/
export function narrow(
	statements: Statements,
	doubtId: string,
	chosen: Proposal,
): NarrowedDoubt[] {
	const {runId, role, iteration, instance} = chosen;

	if (iteration === null || instance === null) {
		return [];
	}

	const rows = statements.all(
		`SELECT * FROM consortium_doubts
		WHERE decision IS NULL AND id <> @doubtId
			AND instr(proposals, json_quote(@runId)) > 0`,
		{doubtId, runId},
	) as DoubtRow[];

	return rows.flatMap(row => {
		const proposals = proposalsOf(row);
		const left = proposals.filter(
			each =>
				each.runId !== runId ||
				each.role !== role ||
				each.iteration !== iteration ||
				each.instance !== instance,
		);

		if (left.length === proposals.length) {
			return [];
		}

		statements.run(
			left.length === 0
				? 'DELETE FROM consortium_doubts WHERE id = @id'
				: `UPDATE consortium_doubts SET proposals = json(@left)
					WHERE id = @id`,
			left.length === 0
				? {id: row.id}
				: {id: row.id, left: JSON.stringify(left)},
		);
		return [{...row, proposals}];
	});
}

/**
Give back to doubts what was taken from them.
*/
export function widen(
	statements: Statements,
	narrowed: readonly NarrowedDoubt[],
): void {
	for (const {proposals, ...row} of narrowed) {
		statements.insert(
			'consortium_doubts',
			{...row, proposals: JSON.stringify(proposals)},
			`ON CONFLICT (id) DO UPDATE SET proposals = excluded.proposals
			WHERE decision IS NULL`,
		);
	}
}

export function isThere(statements: Statements, runId: string | null): boolean {
	return (
		runId === null ||
		statements.get('SELECT 1 FROM consortium_found_runs WHERE id = @runId', {
			runId,
		}) !== undefined
	);
}
