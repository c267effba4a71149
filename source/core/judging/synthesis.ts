import {briefOf} from '../brief.js';
import {noVerdict, sayings, type JudgingKind} from './judging.js';

/**
The arbiter writes one answer out of all.
*/
export const synthesis: JudgingKind = {
	name: 'synthesis',
	meaning: 'The arbiter writes one answer out of all.',
	next(run, context) {
		const current = run.iterations.at(-1)!;
		const verdict = current.verdicts.at(-1);

		if (verdict) {
			return {verdict};
		}

		const arbiter = run.start!.arbiters[0]!.id;

		return sayings(current, arbiter, 'synthesis') > 0
			? {failed: noVerdict(current.iteration)}
			: {
					judge: [{arbiter, method: 'synthesis', brief: briefOf(run, context)}],
					reason: null,
				};
	},
};
