import assert from 'node:assert/strict';
import path from 'node:path';
import {test} from 'node:test';
import {openDoubts} from '../../source/store/backfill/doubts.js';
import {openLog} from '../../source/store/database.js';
import {createRunLog} from '../../source/store/run-log.js';
import {ctrl, endOf, keys, leaveApp, openApp} from '../helpers/app.js';
import {eventsOf} from '../helpers/chats.js';
import {addDoubts, early} from '../helpers/imported.js';
import {emptyFolder} from '../helpers/program.js';

/**
A folder whose log has a conversation, an imported one, and two doubts.
*/
function filledHome(): string {
	const home = emptyFolder();
	const log = openLog(path.join(home, 'log.db'));
	const write = createRunLog(log);

	for (const event of eventsOf({id: 'r1', chat: 'one', at: early})) {
		write(event);
	}

	write.close();
	addDoubts(log);
	log.close();
	return home;
}

function openIds(home: string): string[] {
	const log = openLog(path.join(home, 'log.db'));
	const ids = openDoubts(log, {limit: 9}).map(({id}) => id);
	log.close();
	return ids;
}

test('what an arbiter said is found, and read above its conversation', async t => {
	const screen = await openApp(t, {home: filledHome()});
	screen.press(ctrl('o'));
	await screen.until(/imported · trio/v);
	screen.press('/BOTH for');
	await screen.until(
		/› .*What\?[^]*arbiter#1 · iteration 1: .*«For»ty.*«both»/v,
	);
	screen.press(keys.tab);
	await screen.until(/Enter read · f fork/v);
	screen.press('v');
	await screen.until(/arbiter#1 · iteration 1 · What\? ─/v);
	screen.press('q');
	await screen.until(/an earlier conversation, to be read/v);
	screen.press(keys.escape);
	await screen.until(/> ask/v);
	screen.press(ctrl('o'));
	await screen.until(/imported · trio/v);
	screen.press('/BOTH for');
	await screen.until(/«both»/v);
	screen.press(keys.enter);
	await screen.until(/arbiter#1 · iteration 1 · What\? ─/v);
	screen.press(keys.enter);
	await screen.until(/The conversation goes on/v);
	await leaveApp(screen);
});

test('an imported conversation is found and read as text, and cannot be gone on with', async t => {
	const screen = await openApp(t, {
		home: filledHome(),
		columns: 80,
		rows: 24,
		env: {NO_COLOR: '1'},
	});
	screen.press(ctrl('o'));
	await screen.until(/imported · trio/v);
	screen.press('/lagoon says');
	await screen.until(/luna#1 · iteration 1: A «lagoon», «says» the member/v);
	screen.press(keys.tab);
	await screen.until(/Enter read · Del delete/v);
	screen.press('f');
	await screen.until(/imported from the log of another program/v);
	screen.press(keys.up);
	await screen.when(
		() => !screen.text().includes('from the log of another program'),
	);
	screen.press(keys.enter);
	await screen.until(
		/Imported, to be read only[^]*> What lies[^]*luna#1 · member[^]*judge · arbiter[^]*A lagoon\./v,
	);
	screen.press('q');
	await screen.until(/Earlier conversations/v);
	screen.press(keys.delete);
	await screen.until(/Deleted\. u brings it back, or later `logs undo`/v);
	screen.press('u');
	await screen.until(/› .*What lies/v);
	screen.press('v');
	await screen.until(/Imported, to be read only[^]*A lagoon\./v);
	screen.press('q');
	await screen.until(/Earlier conversations/v);
	screen.press(keys.escape);
	await screen.until(/> ask/v);
	await leaveApp(screen);
});

test('doubts are decided in their list, and taken back', async t => {
	const home = filledHome();
	const screen = await openApp(t, {
		home,
		columns: 80,
		rows: 24,
		env: {NO_COLOR: '1'},
	});
	screen.press(`/review${keys.enter}`);
	await screen.until(/› luna {2}What lies[^]*Two places are as likely/v);
	screen.press('2');
	await screen.until(/1 of 1 · 1 decided/v);
	await screen.until(/› trio {2}It looks like an answer without its members/v);
	screen.press('n');
	await screen.until(/Nothing is to be decided/v);
	await screen.when(() => openIds(home).length === 0);
	screen.press('u');
	await screen.until(/1 of 1 · 1 decided/v);
	await screen.when(() => openIds(home).length === 1);
	assert.deepEqual(openIds(home), ['d2']);
	screen.press(keys.escape);
	await screen.until(/> ask/v);
	screen.press(`/review${keys.enter}`);
	await screen.until(/› trio {2}It looks like/v);
	screen.press('u');
	await screen.until(/› luna {2}What lies/v);
	await screen.until(/open again/v);
	assert.deepEqual(openIds(home), ['d1', 'd2']);
	screen.press('u');
	await screen.until(/There is no decision to take back/v);
	screen.press(keys.escape);
	await screen.until(/> ask/v);
	await leaveApp(screen);
});

test('in lines answers are told with their numbers, decided by them, and taken back', async t => {
	const home = filledHome();
	const lines = await openApp(t, {
		home,
		words: ['chat', '--screen-reader'],
		isReady: /Consortium: /v,
	});
	lines.press(`/review${keys.enter}`);
	await lines.until(/2 answers to be decided[^]*\n1: luna[^]*\n2: trio/v);
	lines.press(`/review 1${keys.enter}`);
	await lines.until(
		/iteration 2 · run …[^]*A lake, perhaps\.[^]*\/review 1 accept N/v,
	);
	lines.press(`/review 1 accept 2${keys.enter}`);
	await lines.until(/luna → run …/v);
	lines.press(`/review${keys.enter}`);
	await lines.until(/1 answer to be decided/v);
	assert.deepEqual(openIds(home), ['d2']);
	lines.press(`/review undo${keys.enter}`);
	await lines.until(/the answer is open again/v);
	assert.deepEqual(openIds(home), ['d1', 'd2']);
	lines.press(`/review maybe${keys.enter}`);
	await lines.until(/Say \/review, \/review NUMBER/v);
	lines.press(`/continue lagoon${keys.enter}`);
	await lines.until(/chat-of-run: What lies .*imported\s+answer: A lagoon/v);
	lines.press(`/quit${keys.enter}`);
	assert.equal(await endOf(lines), 0);
});
