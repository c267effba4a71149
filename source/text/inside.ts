import {answersOf} from '../core/answers.js';
import {type RunState} from '../core/run-state.js';
import {endingText, wordOf} from './phrases.js';

/**
What goes on in the run of a consortium that speaks in another, in a line: `iteration 2 · 2 of 3 answered · arbiter answering`.
*/
export function insideText({iterations, result}: RunState): string {
	const iteration = iterations.at(-1);

	if (!iteration) {
		return 'begins';
	}

	const answered = answersOf(iteration).filter(
		({outcome}) => outcome !== null,
	).length;
	const judging = iteration.calls.findLast(
		({start}) => start.purpose !== 'answer',
	);

	return [
		...(iterations.length > 1 ? [`iteration ${iterations.length}`] : []),
		`${answered} of ${iteration.instances.length} answered`,
		...(result
			? [endingText(result.status)]
			: judging
				? [
						`arbiter ${judging.state === 'waiting' ? 'reading' : wordOf(judging.state)}`,
					]
				: []),
	].join(' · ');
}
