// The Node.js side of an execution environment: INIT, then one event after the other, in the frames of frames.py.
// Handler forms, console lines and error documents follow aws-lambda-nodejs-runtime-interface-client (UserFunction.js, LogPatch.js).

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

const [READY, FAILED, RESULT_OK, RESULT_ERROR, LOG, DRAIN, RESULT_FATAL] = [16, 17, 18, 19, 20, 21, 22];
const PIECE = 16384; // less than a pipe holds, so that asking for a drain before each piece never blocks for good
const RECORD_MAX = 1048550;
const NO_CALLBACKS_FROM = 24;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

const settings = JSON.parse(process.argv[2]);
const require = createRequire(path.join(settings.task, 'index.js'));
const born = process.hrtime.bigint();
const realExit = process.exit.bind(process);
const MachineDate = Date;
let aheadMs = 0; // by how much the function's date differs from the machine's
let requestId;
let logBytes = 0;
let logLeft = settings.log_bytes_max;
let current; // the invocation under way

// -- time

// In virtual time, or under a fault rule of the kind clock: ``Date`` and what is made of it; performance.now() is not touched.
function showTime(aheadS, skewS) {
  aheadMs = (Number(aheadS) + Number(skewS)) * 1000;
  if (aheadMs === 0 || Date !== MachineDate) return;
  const now = () => Math.floor(MachineDate.now() + aheadMs);
  globalThis.Date = new Proxy(MachineDate, {
    apply: () => new MachineDate(now()).toString(),
    construct: (target, given, type) => Reflect.construct(target, given.length ? given : [now()], type),
    get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
  });
  MachineDate.prototype.constructor = globalThis.Date;
}

// -- pipes

function writeAll(descriptor, data) {
  for (let at = 0; at < data.length; ) {
    try {
      at += fs.writeSync(descriptor, data, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function frame(kind, body) {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind, 0);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function record(text) {
  if (logLeft < 0) return;
  let data = Buffer.from(text, 'utf8');
  logLeft -= data.length + 1;
  if (logLeft < 0) data = Buffer.from(`[sandbox] Output beyond ${settings.log_bytes_max} bytes in one invocation is dropped.`);
  for (let at = 0; at === 0 || at < data.length; at += RECORD_MAX) {
    const stamp = Buffer.alloc(8);
    stamp.writeDoubleBE(MachineDate.now() / 1000);
    const whole = frame(LOG, Buffer.concat([stamp, data.subarray(at, at + RECORD_MAX)]));
    logBytes += whole.length;
    for (let from = 0; from < whole.length; from += PIECE) {
      if (logBytes > PIECE) writeAll(settings.control, frame(DRAIN, Buffer.alloc(0)));
      writeAll(settings.log, whole.subarray(from, from + PIECE));
    }
  }
}

function answer(kind, since, body) {
  const figures = Buffer.alloc(12);
  figures.writeUInt32BE(Math.min(Number((process.hrtime.bigint() - since) / 1000n), 0xffffffff), 0);
  figures.writeUInt32BE(process.resourceUsage().maxRSS, 4);
  figures.writeUInt32BE(Math.min(logBytes, 0xffffffff), 8);
  writeAll(settings.control, frame(kind, Buffer.concat([figures, body])));
}

// -- console

const LEVELS = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
const asJson = settings.log_format === 'JSON';

function errorFields(error) {
  return {
    errorType: error?.constructor?.name ?? 'UnknownError',
    errorMessage: error.message,
    stackTrace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
  };
}

function jsonLine(level, parts) {
  const line = { timestamp: new Date().toISOString(), level, requestId };
  const shown = (_key, value) => (value instanceof Error ? { ...errorFields(value), ...value } : value);
  if (parts.length === 1) {
    try {
      return JSON.stringify({ ...line, message: parts[0] }, shown);
    } catch {
      return JSON.stringify({ ...line, message: util.format(parts[0]) });
    }
  }
  const error = parts.find((part) => part instanceof Error);
  return JSON.stringify({ ...line, message: util.format(...parts), ...(error ? errorFields(error) : {}) });
}

function log(level, ...parts) {
  record(asJson ? jsonLine(level, parts) : `${new Date().toISOString()}\t${requestId}\t${level}\t${util.format(...parts)}`);
}

function patchConsole() {
  const least = LEVELS[settings.log_level?.toUpperCase()] ?? LEVELS.TRACE;
  for (const level of Object.keys(LEVELS)) {
    const quiet = LEVELS[level] < least && level !== 'FATAL';
    console[level.toLowerCase()] = quiet ? () => {} : (...parts) => log(level, ...parts);
  }
  console.log = console.info;
}

// -- errors

class RuntimeError extends Error {
  constructor(kind, message, stack) {
    super(message);
    this.name = `Runtime.${kind}`;
    if (stack) this.stack = stack;
  }
}

class UnhandledPromiseRejection extends RuntimeError {
  constructor(reason, promise) {
    super('UnhandledPromiseRejection', String(reason));
    this.reason = reason;
    this.promise = promise;
  }
}

function documentOf(error) {
  if (util.types.isNativeError(error) || (error?.name && error?.message && error?.stack)) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

function logError(title, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  if (asJson) {
    console.error(error);
    return;
  }
  const seen = (_key, value) =>
    value instanceof Error
      ? { errorType: value.name, errorMessage: value.message, code: value.code, ...value, stack: String(value.stack).split('\n') }
      : value;
  let text;
  try {
    text = JSON.stringify(error, seen);
  } catch {
    text = JSON.stringify(documentOf(error));
  }
  console.error(title, `\t${text}`);
}

// -- the handler

function isModulePackage(folder) {
  for (let at = folder; !at.endsWith('/node_modules'); at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch {
        return false;
      }
    }
    if (at === path.dirname(at)) break;
  }
  return false;
}

async function loadModule(file) {
  const modular = isModulePackage(path.dirname(file));
  const imported = async (extension) => import(pathToFileURL(file + extension).href);
  if (fs.existsSync(file) && fs.statSync(file).isFile()) return require(file);
  if (fs.existsSync(`${file}.js`)) return modular ? imported('.js') : require(`${file}.js`);
  if (fs.existsSync(`${file}.mjs`)) return imported('.mjs');
  if (fs.existsSync(`${file}.cjs`)) return require(`${file}.cjs`);
  const error = new Error(`Cannot find module '${path.basename(file)}'\nRequire stack:\n- /var/runtime/index.mjs`);
  error.code = 'MODULE_NOT_FOUND';
  throw error;
}

async function loadHandler(name) {
  if (name.includes('..')) {
    const advice = 'Use absolute paths when specifying root directories in handler names.';
    throw new RuntimeError('MalformedHandlerName', `'${name}' is not a valid handler name. ${advice}`);
  }
  const base = path.basename(name);
  const match = /^([^.]*)\.(.*)$/.exec(base);
  if (!match) throw new RuntimeError('MalformedHandlerName', 'Bad handler');
  let loaded;
  try {
    loaded = await loadModule(path.resolve(settings.task, name.slice(0, name.length - base.length), match[1]));
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('UserCodeSyntaxError', String(error), error.stack);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw new RuntimeError('ImportModuleError', String(error), error.stack);
    }
    throw error;
  }
  const found = match[2].split('.').reduce((nested, key) => nested && nested[key], loaded);
  if (!found) throw new RuntimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw new RuntimeError('HandlerNotFound', `${name} is not a function`);
  const major = Number(/(\d+)\.x/.exec(settings.runtime)?.[1] ?? 0);
  if (major >= NO_CALLBACKS_FROM && found.length >= 3 && !found[STREAMING]) {
    throw new RuntimeError(
      'CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify ' +
        'this function to use a supported handler signature to use Node.js 24 or later.',
    );
  }
  return found;
}

function streamifiedGlobal() {
  globalThis.awslambda = {
    streamifyResponse: (handler) => {
      handler[STREAMING] = 'response';
      return handler;
    },
    HttpResponseStream: { from: (stream) => stream },
  };
}

// -- invocations

function parsed(text) {
  return text ? JSON.parse(text) : undefined;
}

class Invocation {
  constructor(body) {
    this.since = process.hrtime.bigint();
    const end = 4 + body.readUInt32BE(0);
    const [id, arn, timeout, stream, trace, clientContext, identity, tenant, aheadS, skewS] = body
      .toString('utf8', 4, end)
      .split('\0');
    showTime(aheadS, skewS);
    this.payload = body.toString('utf8', end);
    this.deadline = performance.now() + Number(timeout) * 1000;
    this.stream = Boolean(stream);
    this.over = false;
    this.waiting = undefined; // what a callback handed over, until the event loop is empty
    requestId = id;
    logBytes = 0;
    logLeft = settings.log_bytes_max;
    if (trace) process.env._X_AMZN_TRACE_ID = trace;
    else delete process.env._X_AMZN_TRACE_ID;
    const env = process.env;
    this.context = {
      callbackWaitsForEmptyEventLoop: true,
      functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
      functionName: env.AWS_LAMBDA_FUNCTION_NAME,
      memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
      clientContext: parsed(clientContext),
      identity: parsed(identity),
      invokedFunctionArn: arn,
      awsRequestId: id,
      tenantId: tenant || undefined,
      getRemainingTimeInMillis: () => Math.max(Math.floor(this.deadline - performance.now()), 0),
      done: (error, result) => this.callback(error, result),
      fail: (error) => this.callback(error),
      succeed: (result) => this.callback(null, result),
    };
  }

  run(handler) {
    try {
      const event = JSON.parse(this.payload);
      if (handler[STREAMING]) {
        this.streamed(handler, event);
        return;
      }
      const result = handler(event, this.context, (error, value) => this.callback(error, value));
      if (typeof result?.then === 'function') {
        result.then(
          (value) => this.end(null, value),
          (error) => this.end(error ?? 'handled'),
        );
      }
    } catch (error) {
      this.end(error);
    }
  }

  streamed(handler, event) {
    const pieces = [];
    const stream = new PassThrough();
    stream.setContentType = () => {};
    stream.on('data', (piece) => pieces.push(piece));
    const finished = new Promise((resolve) => stream.on('end', resolve));
    handler(event, stream, this.context)
      .then(() => finished)
      .then(
        () => this.send(RESULT_OK, Buffer.concat(pieces)),
        (error) => this.end(error),
      );
  }

  callback(error, value) {
    if (this.over || this.waiting) return;
    if (error || !this.context.callbackWaitsForEmptyEventLoop) this.end(error, value);
    else this.waiting = { value };
  }

  idle(handler) {
    if (this.waiting) this.end(null, this.waiting.value);
    else if (handler.constructor.name === 'AsyncFunction') {
      this.end(new RuntimeError('NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code.'));
    } else this.end(null, null);
  }

  end(error, value) {
    if (this.over) return;
    if (error !== null && error !== undefined) {
      logError('Invoke Error', error);
      this.send(RESULT_ERROR, Buffer.from(JSON.stringify(documentOf(error))));
      return;
    }
    let text;
    try {
      text = JSON.stringify(value === undefined ? null : value);
    } catch {
      const failure = new RuntimeError('JSONStringifyError', 'Unable to stringify response body');
      this.end(failure);
      return;
    }
    this.send(RESULT_OK, Buffer.from(text ?? 'null'));
  }

  send(kind, body) {
    if (this.over) return;
    this.over = true;
    const limit = settings[this.stream ? 'stream_bytes_max' : 'response_bytes_max'];
    answer(kind, this.since, body.length > limit ? body.subarray(0, limit + 1) : body);
    current = undefined;
    next();
  }
}

let handler;
let rest = Buffer.alloc(0);

function next() {
  if (rest.length >= 5 && rest.length >= 5 + rest.readUInt32BE(1)) {
    const end = 5 + rest.readUInt32BE(1);
    const body = rest.subarray(5, end);
    rest = rest.subarray(end);
    current = new Invocation(body);
    setImmediate(() => current?.run(handler));
    return;
  }
  const buffer = Buffer.alloc(65536);
  fs.read(settings.event, buffer, 0, buffer.length, null, (error, count) => {
    if (error || count === 0) realExit(0);
    rest = Buffer.concat([rest, buffer.subarray(0, count)]);
    next();
  });
}

function fatal(title, error, status) {
  logError(title, error);
  const body = Buffer.from(JSON.stringify(documentOf(error)));
  if (current) answer(RESULT_FATAL, current.since, body);
  else if (!handler) answer(FAILED, born, body);
  realExit(status);
}

process.on('uncaughtException', (error) => fatal('Uncaught Exception', error, 129));
process.on('unhandledRejection', (reason, promise) =>
  fatal('Unhandled Promise Rejection', new UnhandledPromiseRejection(reason, promise), 128),
);
process.on('beforeExit', () => current?.idle(handler));
patchConsole();
streamifiedGlobal();
showTime(settings.ahead_s, 0);
try {
  handler = await loadHandler(settings.handler);
  answer(READY, born, Buffer.alloc(0));
  next();
} catch (error) {
  fatal('Uncaught Exception', error, 1);
}
