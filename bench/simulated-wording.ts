import {type Claim, type SimulatedQuestion} from './simulated-questions.js';

const names = [
	'amber',
	'basalt',
	'cedar',
	'damask',
	'ember',
	'fennel',
	'garnet',
	'heather',
];

/**
An option as it is written: a value where answers end in one, else a word.
*/
export function nameOf({world}: SimulatedQuestion, option: number): string {
	return world.isProse ? names[option]! : String(100 + 7 * option);
}

export function promptOf({world, index}: SimulatedQuestion): string {
	return `Question ${index} of the world "${world.name}": which of its ${world.options} options is right?`;
}

const reasons = [
	'records',
	'measure',
	'history',
	'witness',
	'symmetry',
	'balance',
	'geometry',
	'parity',
	'habit',
	'scale',
	'weather',
	'custom',
];

/**
A reasoned answer. Those that hold the same option give mostly the same reasons, in words of their own.
*/
export function bodyOf(
	question: SimulatedQuestion,
	option: number,
	author: string,
): string {
	const {draws} = question;
	const told = [0, 1, 2, 3, 4, 5].map(place => {
		const reason =
			draws.uniform(`stray ${author} ${place}`) < 0.2
				? draws.below(reasons.length, `reason ${author} ${place}`)
				: (option * 5 + place * 3) % reasons.length;
		const detail = (reason * 7 + option * 3) % 89;
		return `The ${reasons[reason]} of case ${detail} speaks for ${nameOf(question, option)}.`;
	});

	return `${told.join(' ')} All in all it is ${nameOf(question, option)}, as far as I see.`;
}

/**
An answer as a member writes it.
*/
export function answerText(
	question: SimulatedQuestion,
	{option, confidence}: Claim,
	author: string,
): string {
	return [
		bodyOf(question, option, author),
		...(question.world.isProse
			? []
			: [`<final>${nameOf(question, option)}</final>`]),
		`<confidence>${confidence.toFixed(2)}</confidence>`,
	].join('\n');
}

/**
The option that a text holds; null for none.
*/
export function optionIn(
	question: SimulatedQuestion,
	text: string,
): number | null {
	const name = /All in all it is (\w+),/v.exec(text)?.[1];
	const option = Array.from({length: question.world.options}, (_, each) =>
		nameOf(question, each),
	).indexOf(name ?? '');

	return option === -1 ? null : option;
}
