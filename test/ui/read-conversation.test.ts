import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test, type TestContext} from 'node:test';
import {openLog} from '../../source/store/database.js';
import {keepFoundRuns} from '../../source/store/backfill/keep.js';
import {createAppStore} from '../../source/ui/app-store.js';
import {firstState} from '../../source/ui/app-state.js';
import {faceOf} from '../../source/ui/overlays/face.js';
import {readConversation} from '../../source/ui/read-conversation.js';
import {transcriptLines} from '../../source/ui/transcript.js';
import {eventsOf} from '../helpers/chats.js';
import {fillLog} from '../helpers/filled-log.js';
import {foundResponse, foundRun} from '../helpers/found-runs.js';
import {addImported, early, idOf} from '../helpers/imported.js';
import {space} from '../helpers/overlays.js';
import {emptyFolder} from '../helpers/program.js';
import {servicesAt} from '../helpers/services.js';

const many = (text: string, count: number) =>
	Array.from({length: count}, () => text).join('\n');

/**
A log with a run of the plug-in, of three members and an arbiter, and two conversations of ours.
*/
function homeWithTexts(): string {
	const home = emptyFolder();
	fillLog(home, [
		eventsOf({
			id: 'r1',
			chat: 'own',
			at: early,
			prompt: 'A first one?',
			answer: many('Nothing.', 60),
		}),
		eventsOf({
			id: 'r2',
			chat: 'own',
			at: early + 1000,
			turn: 2,
			previous: 'r1',
			prompt: 'Where is the pledge?',
			answer: `${many('Nothing.', 60)}\nAt its brink.`,
		}),
	]);
	const log = openLog(join(home, 'log.db'));
	const [one, two, three, judge, output] = [1, 2, 3, 4, 5].map(number =>
		idOf(early, number),
	) as [string, string, string, string, string];
	addImported(
		log,
		{id: one, at: early, response: `A ledger.\n${many('Hedges.', 50)}`},
		{id: two, at: early, response: many('The ledger, and hedges.', 50)},
		{
			id: three,
			at: early,
			response: `The Édge it is.\n${many('A hedge.', 50)}\nA cliff.`,
		},
		{id: judge, at: early, model: 'judge', response: many('No more.', 50)},
		{
			id: output,
			at: early,
			chat: 'theirs',
			model: 'trio',
			prompt: 'What is at the rim?',
			response: many('It ends.', 50),
		},
	);
	keepFoundRuns(
		log,
		[
			{
				...foundRun({
					outputId: output,
					arbiterId: judge,
					memberIds: [],
					prompt: 'What is at the rim?',
					startedAt: early,
				}),
				responses: [
					...[one, two, three].map((id, index) =>
						foundResponse(id, 'member', {instance: `mock-${'abc'[index]!}#1`}),
					),
					foundResponse(judge, 'arbiter'),
					foundResponse(output, 'output'),
				],
			},
		],
		'evidence',
	);
	log.close();
	return home;
}

/**
What is on the screen after the first that was found is opened: the overlay on top, and what is read below it.
*/
async function opened(t: TestContext, query: string) {
	const {services} = servicesAt(t, {home: homeWithTexts()});
	const store = createAppStore(firstState({columns: 80, rows: 24}), {
		viewOf: () => assert.fail('No key is pressed.'),
		perform() {
			assert.fail('Nothing is asked for.');
		},
	});
	const [entry] = await services.conversations(query, null);
	assert.ok(entry?.hit, query);
	await readConversation(entry, {services, store});
	const {overlays, reading} = store.state();
	const overlay = overlays.at(-1);
	const face = overlay && faceOf(overlay, space);

	return {
		reading,
		title: face?.title ?? null,
		lines: (face?.rows ?? []).map(row =>
			row
				.map(({text, tone}) => (tone === 'selected' ? `[${text}]` : text))
				.join(''),
		),
	};
}

test('what was found in an imported conversation opens at the line that says who said it', async t => {
	const {title, lines} = await opened(t, 'edge');
	assert.equal(
		title,
		'Imported, to be read only · mock-c#1 · iteration 1 · What is at the rim?',
	);
	assert.match(lines[0]!, /^— mock-c#1 · member · iteration 1 · /v);
	assert.deepEqual(lines.slice(2, 4), ['The [Édge] it is.', 'A hedge.']);

	const judge = await opened(t, 'more');
	assert.match(judge.lines[0]!, /^— judge · arbiter · iteration 1 · /v);
	const question = await opened(t, 'rim');
	assert.equal(question.lines[0], '> What is at the [rim]?');
	const answer = await opened(t, 'ends');
	assert.match(answer.lines[0]!, /^— trio · /v);
});

test('words far below the beginning of an answer are on the screen, and its title says whose they are', async t => {
	const {title, lines} = await opened(t, 'cliff');
	assert.match(title!, /· mock-c#1 · iteration 1 ·/v);
	assert.deepEqual(lines.slice(0, 2), ['A hedge.', 'A [cliff].']);
});

test('what was found in a conversation of ours opens at its question, or at the words where they are far from it', async t => {
	const textAt = ({reading}: Awaited<ReturnType<typeof opened>>, by = 0) => {
		const {turns, scroll} = reading!;
		const line = transcriptLines(turns, 80)[scroll.top! + by]!;
		return line.map(({text}) => text).join('');
	};

	const question = await opened(t, 'pledge');
	assert.equal(question.title, null);
	assert.equal(textAt(question), '> Where is the pledge?');
	assert.match('a pledge', question.reading!.words[0]!);

	const answer = await opened(t, 'brink');
	assert.equal(textAt(answer), 'Nothing.');
	assert.equal(textAt(answer, 1), 'At its brink.');
});

test('what an instance said in a conversation of ours opens above it, with the words to be seen', async t => {
	const {title, lines, reading} = await opened(t, 'probably');
	assert.match(title!, /^luna#1 · iteration 1 · A first one\?/v);
	assert.match(lines.join('\n'), /\[probably\]/iv);
	assert.equal(reading?.id, 'own');
});
