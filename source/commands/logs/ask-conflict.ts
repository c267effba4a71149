import {createInterface} from 'node:readline';
import {type Place} from '../command.js';
import {type Conflict} from './configs-plan.js';

const meanings: Readonly<Record<string, Conflict>> = {
	'': 'suffix',
	k: 'suffix',
	o: 'overwrite',
	s: 'skip',
};

/**
Ask what to do with consortiums whose names are taken by others, one after the other; an answer in a capital letter is for all that follow. Who ends the input instead of answering leaves the rest as it is.

@returns What to do by name, and for all others when that was said.
*/
export async function askConflicts(
	{stdin, stderr}: Pick<Place, 'stdin' | 'stderr'>,
	names: readonly string[],
): Promise<{
	readonly byName: ReadonlyMap<string, Conflict>;
	readonly forAll: Conflict | null;
}> {
	const byName = new Map<string, Conflict>();
	const lines = createInterface({input: stdin, output: stderr});
	const typed = lines[Symbol.asyncIterator]();

	try {
		for (const name of names) {
			for (;;) {
				stderr.write(
					`A consortium called "${name}" is saved here, and is another one. [k]eep both, [o]verwrite it or [s]kip this one; a capital letter for all: `,
				);
				const line = await typed.next();

				if (line.done === true) {
					return {byName, forAll: 'skip'};
				}

				const answer = line.value.trim();
				const conflict = meanings[answer.toLowerCase()];

				if (conflict !== undefined && answer !== answer.toLowerCase()) {
					return {byName, forAll: conflict};
				}

				if (conflict !== undefined) {
					byName.set(name, conflict);
					break;
				}
			}
		}

		return {byName, forAll: null};
	} finally {
		lines.close();
	}
}
