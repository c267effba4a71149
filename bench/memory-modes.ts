import {memoryModes} from '../source/core/consortium.js';
import {type ModelRequest} from '../source/core/model.js';
import {fakeModel} from '../test/helpers/fake-model.js';
import {play, verdictText} from '../test/helpers/play.js';

/*
What three iterations of three instances send in each memory mode, in characters, and how much of it a provider has seen before: the part of a request that is, byte for byte, the beginning of an earlier one.
*/

const text = (length: number) => 'word '.repeat(length / 5);
const answer = text(2000);
const question =
	'Which of the known ways to store a tree in a table is the best for deep trees, and why so?';
const prompt = question.padEnd(92, '?');

const inputOf = ({system, messages}: ModelRequest) =>
	JSON.stringify([
		system,
		...messages.map(message =>
			'parts' in message ? message.parts : message.text,
		),
	]);

function commonStart(left: string, right: string): number {
	let length = 0;

	while (
		length < Math.min(left.length, right.length) &&
		left[length] === right[length]
	) {
		length++;
	}

	return length;
}

console.log('| memory | members | arbiter | all | seen before | share |');
console.log('|---|---|---|---|---|---|');

for (const memory of memoryModes) {
	const members = [0, 1, 2].map(() => fakeModel([[answer]]));
	const arbiter = fakeModel([
		[
			verdictText({
				confidence: 0.5,
				needsIteration: true,
				synthesis: answer,
				areas: ['a point to settle'],
				dissent: '<point labels="A">another view</point>',
			}),
		],
	]);
	await play(
		{
			...Object.fromEntries(
				members.map((model, index) => [`m${index}`, model]),
			),
			arbiter,
		},
		{prompt, consortium: {memory}},
	);
	let characters = 0;
	let seen = 0;
	const sums: number[] = [];

	for (const {heard} of [...members, arbiter]) {
		let own = 0;

		for (const [index, request] of heard.entries()) {
			const input = inputOf(request);
			own += input.length;
			seen += Math.max(
				0,
				...heard
					.slice(0, index)
					.map(earlier => commonStart(inputOf(earlier), input)),
			);
		}

		sums.push(own);
		characters += own;
	}

	console.log(
		`| ${memory} | ${sums.slice(0, 3).reduce((sum, each) => sum + each, 0)} | ${sums[3]} | ${characters} | ${seen} | ${((100 * seen) / characters).toFixed(0)}% |`,
	);
}
