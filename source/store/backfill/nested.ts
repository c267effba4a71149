import {sureScore} from './evidence.js';
import {type Parent} from './found.js';
import {isOutput, type PlannedRun, type Search} from './planned-run.js';
import {proposalOf} from './report.js';

/**
Who asked the runs that have an output, by its row: the run in which it surely has a place. Of runs that would have asked each other the first one counts.
*/
export function parentsOf(
	search: Search,
	ids: ReadonlyMap<PlannedRun, string>,
): ReadonlyMap<number, Parent> {
	const parents = new Map<number, Parent>();
	const outers = new Map<number, PlannedRun>();

	for (const [run, id] of ids) {
		for (const candidate of [
			...run.arbiters.map(arbiter => arbiter.candidate),
			...run.members,
		]) {
			const {row, score} = candidate;

			if (
				score >= sureScore &&
				isOutput(search, row) &&
				!isWithin(outers, run, row)
			) {
				const {isArbiterResponse: _, ...parent} = proposalOf(
					run,
					candidate,
					id,
				);
				parents.set(row, parent);
				outers.set(row, run);
			}
		}
	}

	return parents;
}

function isWithin(
	outers: ReadonlyMap<number, PlannedRun>,
	run: PlannedRun,
	output: number,
): boolean {
	let each: PlannedRun | undefined = run;

	while (each && each.output !== output) {
		each = each.output === null ? undefined : outers.get(each.output);
	}

	return each !== undefined;
}
