import assert from 'node:assert/strict';
import {join} from 'node:path';
import {test} from 'node:test';
import {openLog} from '../../../source/store/database.js';
import {hideConversation} from '../../../source/store/names.js';
import {undoDeletion} from '../../../source/store/trash-undo.js';
import {eventsOf} from '../../helpers/chats.js';
import {fillLog} from '../../helpers/filled-log.js';
import {addDoubts, addImported, early, idOf} from '../../helpers/imported.js';
import {emptyFolder} from '../../helpers/program.js';
import {servicesAt} from '../../helpers/services.js';

function homeWithRuns(): string {
	const home = emptyFolder();
	fillLog(home, [
		eventsOf({id: 'r1', chat: 'one', at: 1000}),
		eventsOf({id: 'f1', chat: 'fork', at: 2000, turn: 2, previous: 'r1'}),
		eventsOf({id: 'r2', chat: 'two', at: 3000}),
	]);
	return home;
}

test('the app deletes a conversation into the trash of the log, and brings it back', async t => {
	const home = homeWithRuns();
	const {services} = servicesAt(t, {home});
	const ids = async () => {
		const page = await services.conversations('', null);
		return page.map(({id}) => id);
	};

	await services.deleteConversation('two');
	await services.deleteConversation('fork');
	assert.deepEqual(await ids(), ['one']);
	await services.restoreConversation('two');
	assert.deepEqual(await ids(), ['two', 'one']);
	assert.equal((await services.openConversation('two')).length, 1);

	const log = openLog(join(home, 'log.db'));
	assert.equal(undoDeletion(log)?.what, 'the conversation fork');
	log.close();
	assert.deepEqual(await ids(), ['two', 'fork', 'one']);
});

test('the app is told which fork a conversation shares its beginning with', async t => {
	const {services} = servicesAt(t, {home: homeWithRuns()});
	await assert.rejects(services.deleteConversation('one'), {
		name: 'UserError',
		message: /shares its beginning with the fork fork/,
	});
});

test('the app brings back what an older version hid', async t => {
	const home = homeWithRuns();
	const log = openLog(join(home, 'log.db'));
	hideConversation(log, 'two', 5);
	log.close();
	const {services} = servicesAt(t, {home});
	assert.equal((await services.conversations('', null)).length, 2);
	await services.restoreConversation('two');
	assert.equal((await services.conversations('', null)).length, 3);
});

test('an imported conversation is brought back with its members, and one of a single answer too', async t => {
	const home = homeWithRuns();
	const log = openLog(join(home, 'log.db'));
	addDoubts(log);
	const single = idOf(early + 5000);
	addImported(log, {id: single, at: early + 5000, response: 'A dune.'});
	log.close();
	const {services} = servicesAt(t, {home});

	for (const [id, said] of [
		['chat-of-run', /says the member\.[^]*A lagoon\./v],
		[single, /A dune\./v],
	] as const) {
		await services.deleteConversation(id);
		await assert.rejects(services.readImported(id), /not have this/v);
		await services.restoreConversation(id);
		const texts = await services.readImported(id);
		assert.match(texts.map(({text}) => text).join('\n'), said);
	}
});
