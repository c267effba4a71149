import {type Evidence, type FoundRole} from './found.js';
import {type PlannedRun} from './planned-run.js';

/**
A call of a run, for which its row is sought.
*/
export type Place = {
	readonly run: PlannedRun;
	readonly role: Exclude<FoundRole, 'output'>;

	/**
	Counted from 1; null where it is unknown.
	*/
	iteration: number | null;
	readonly model: string | null;
	readonly instance: string | null;

	/**
	Whether it is a problem when there is no row.
	*/
	readonly isNeeded: boolean;
};

/**
A row that may be the one of a place.
*/
export type Candidate = {
	readonly place: Place;
	readonly row: number;
	readonly evidence: readonly Evidence[];
	readonly score: number;

	/**
	How far it is from where the place would have it, in milliseconds.
	*/
	readonly gap: number;
};

export type Settled = {
	/**
	Which row each place has got.
	*/
	readonly placed: ReadonlyMap<Place, Candidate>;

	/**
	Rows that several runs have the same claim to: the claims of each run, the best of each.
	*/
	readonly tied: ReadonlyMap<number, readonly Candidate[]>;
};

/**
Give each place a row and each row to one place: the best score first; within a run, where rows and places are alike, the nearest in time. A row that two runs claim with the same score is left to a person, together with the places that claim it.
*/
export function settle(candidates: readonly Candidate[]): Settled {
	const placed = new Map<Place, Candidate>();
	const tied = new Map<number, Candidate[]>();
	const takenRows = new Set<number>();
	const heldBack = new Set<Place>();
	const sorted = candidates.toSorted((a, b) =>
		b.score === a.score ? a.gap - b.gap : b.score - a.score,
	);

	for (const level of Map.groupBy(sorted, ({score}) => score).values()) {
		let open = level;
		const isOpen = ({place, row}: Candidate) =>
			!placed.has(place) && !heldBack.has(place) && !takenRows.has(row);

		for (;;) {
			open = open.filter(candidate => isOpen(candidate));
			const runsOf = claims(open);
			const clear = open.filter(({row}) => runsOf.get(row)!.size === 1);

			if (clear.length === 0) {
				break;
			}

			for (const candidate of clear) {
				if (isOpen(candidate)) {
					placed.set(candidate.place, candidate);
					takenRows.add(candidate.row);
				}
			}
		}

		for (const candidate of open) {
			const rivals = tied.get(candidate.row) ?? [];
			tied.set(candidate.row, rivals);
			takenRows.add(candidate.row);

			if (rivals.every(({place}) => place.run !== candidate.place.run)) {
				rivals.push(candidate);
			}
		}

		for (const {place} of open) {
			heldBack.add(place);
		}
	}

	return {placed, tied};
}

function claims(
	candidates: readonly Candidate[],
): Map<number, Set<PlannedRun>> {
	const runsOf = new Map<number, Set<PlannedRun>>();

	for (const {row, place} of candidates) {
		const runs = runsOf.get(row) ?? new Set();
		runsOf.set(row, runs.add(place.run));
	}

	return runsOf;
}
