import {type ModelRequest} from './model.js';

const labelled = /^\[[\da-f]{32} answer ([A-Z]+)/gmv;

/**
What whoever weighs begins with, once for each of `verdicts`: where an order is wanted it puts the answers in the one they stand in and, unless nothing is taken to go well, calls none of them close.
*/
export function openingOf(
	{purpose, messages}: ModelRequest,
	{
		isLucky,
		isRanked,
		isContent,
		verdicts,
	}: {
		readonly isLucky: boolean;
		readonly isRanked: boolean;
		readonly isContent: boolean;
		readonly verdicts: number;
	},
): string {
	const isOrder = purpose === 'rank' || purpose === 'review';
	const said = messages.flatMap(each => ('parts' in each ? each.parts : []));
	const labels = said.join('\n').matchAll(labelled);
	const order = [...new Set([...labels].map(([, label]) => label))].join(' > ');

	return [
		isRanked || isOrder ? `<ranking>${order}</ranking>` : '',
		isOrder ? `<margin>${isLucky ? 1 : 0}</margin>` : '',
		isContent
			? // As long as the other one.
				'<confidence>1.0</confidence><needs_iteration>no</needs_iteration>'
			: '<confidence>0</confidence><needs_iteration>true</needs_iteration>',
		'<synthesis>',
	]
		.join('')
		.repeat(verdicts);
}
