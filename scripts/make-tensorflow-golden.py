#!/usr/bin/env python3
"""Writes Tests/Golden/tensorflow.safetensors: small frozen TensorFlow graphs, an image, and the results.

Needs numpy, tensorflow and safetensors. Weights are random and seeded. The detectors are built of the
same operators as those that the object detection API freezes. Each graph is `NAME.model`; `NAME.rgb` is
its image as bytes or `NAME.input` as numbers; every other tensor is a result, or the anchors.
"""

import os
import pathlib

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow.compat.v1 as tf
from safetensors.numpy import save_file

tf.disable_v2_behavior()
tf.disable_control_flow_v2()
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "Tests/Golden/tensorflow.safetensors"
rng = np.random.default_rng(17)
tensors = {}


def constant(shape, scale=1.0, base=0.0, name="weights"):
    """A frozen variable: a constant and the copy that readers see."""
    value = tf.constant(rng.normal(base, scale, shape).astype(np.float32), name=name)
    return tf.identity(value, name=f"{name}/read")


def norm(x, channels, fused=True):
    with tf.name_scope("BatchNorm"):
        gamma, beta = constant([channels], 0.1, 1, "gamma"), constant([channels], 0.1, 0, "beta")
        mean = constant([channels], 0.1, 0, "moving_mean")
        variance = tf.identity(tf.constant(
            rng.uniform(0.5, 1.5, channels).astype(np.float32), name="moving_variance"))
        if fused:
            return tf.nn.fused_batch_norm(x, gamma, beta, mean, variance, epsilon=0.001, is_training=False)[0]
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 0.001)


def conv(x, outputs, kernel=1, stride=1, name="Conv", padding="SAME", bias=False, fused=True,
         activation=tf.nn.relu6, dilation=1):
    inputs = x.shape[3]
    with tf.name_scope(name):
        w = constant([kernel, kernel, inputs, outputs], 1.3 / np.sqrt(kernel * kernel * int(inputs)))
        x = tf.nn.conv2d(x, w, [1, stride, stride, 1], padding, dilations=[1, dilation, dilation, 1],
                         name="Conv2D")
        x = tf.nn.bias_add(x, constant([outputs], 0.2, name="biases")) if bias else norm(x, outputs, fused)
        return activation(x) if activation else x


def depthwise(x, stride=1, multiplier=1, name="depthwise", fused=True, padding="SAME"):
    channels = int(x.shape[3])
    with tf.name_scope(name):
        w = constant([3, 3, channels, multiplier], 0.4, name="depthwise_weights")
        x = tf.nn.depthwise_conv2d_native(x, w, [1, stride, stride, 1], padding, name="depthwise")
        return tf.nn.relu6(norm(x, channels * multiplier, fused))


def preprocessed(image, side):
    """The object detection API's fixed_shape_resizer in a map over the images."""
    with tf.name_scope("Preprocessor"):
        def resize(x):
            with tf.name_scope("ResizeImage"):
                y = tf.image.resize_images(x, tf.stack([side, side]), method=tf.image.ResizeMethod.BILINEAR)
                return [y, tf.constant([side, side, 3])]
        resized, _ = tf.map_fn(resize, tf.to_float(image), dtype=[tf.float32, tf.int32])
        resized.set_shape([None, side, side, 3])
        return (2.0 / 255.0) * resized - 1.0


def grid(x, scales, ratios):
    """Anchors of a map, corners in TensorFlow's order, computed by the graph from the map's sizes."""
    with tf.name_scope("MultipleGridAnchorGenerator"):
        shape = tf.shape(x)
        rows, columns = shape[1], shape[2]
        scales, ratios = tf.constant(scales), tf.sqrt(tf.constant(ratios))
        size = tf.minimum(tf.to_float(tf.constant(24)), 24.0) / 24.0
        heights, widths = scales / ratios * size, scales * ratios * size
        y = (tf.to_float(tf.range(rows)) + 0.5) / tf.to_float(rows)
        x = (tf.to_float(tf.range(columns)) + 0.5) / tf.to_float(columns)
        count = int(scales.shape[0])
        y = tf.tile(tf.reshape(y, [-1, 1, 1]), tf.stack([1, columns, count]))
        x = tf.tile(tf.reshape(x, [1, -1, 1]), tf.stack([rows, 1, count]))
        ones = tf.fill(tf.shape(y), 1.0)
        heights, widths = ones * heights, ones * widths
        boxes = tf.stack([y - 0.5 * heights, x - 0.5 * widths, y + 0.5 * heights, x + 0.5 * widths], axis=3)
        return tf.reshape(boxes, [-1, 4])


def decoded(codes, anchors):
    with tf.name_scope("Decode"):
        with tf.name_scope("get_center_coordinates_and_sizes"):
            low_y, low_x, high_y, high_x = tf.unstack(tf.transpose(anchors))
            width, height = high_x - low_x, high_y - low_y
            centre_y, centre_x = low_y + height / 2.0, low_x + width / 2.0
        ty, tx, th, tw = tf.unstack(tf.transpose(codes))
        ty, tx, th, tw = ty / 10.0, tx / 10.0, th / 5.0, tw / 5.0
        w, h = tf.exp(tw) * width, tf.exp(th) * height
        y, x = ty * height + centre_y, tx * width + centre_x
        boxes = tf.transpose(tf.stack([y - h / 2.0, x - w / 2.0, y + h / 2.0, x + w / 2.0]))
        return boxes, tf.stack([centre_x, centre_y, width, height], axis=1)


def postprocessed(codes, logits, anchors, scoring, overlap):
    with tf.name_scope("Postprocessor"):
        batch = tf.shape(codes)[0]
        tiled = tf.reshape(tf.tile(tf.expand_dims(anchors, 0), tf.stack([batch, 1, 1])), [-1, 4])
        boxes, centres = decoded(tf.reshape(codes, [-1, 4]), tiled)
        boxes = tf.reshape(boxes, tf.stack([batch, -1, 4]))
        scores = scoring(logits, name="convert_scores")[:, :, 1:]

        def suppress(parts):
            best = tf.reduce_max(parts[1], axis=1)
            kept = tf.image.non_max_suppression(parts[0], best, 4, iou_threshold=overlap)
            return [tf.gather(parts[0], kept), tf.gather(parts[1], kept)]

        boxes, scores = tf.map_fn(suppress, [boxes, scores], dtype=[tf.float32, tf.float32])
    tf.identity(boxes, name="detection_boxes")
    tf.identity(scores, name="detection_scores")
    return centres


def predicted(x, count, classes, number, lite=True):
    """The box and class predictor of a map, SSDLite's or with 1x1 kernels."""
    results = []
    with tf.name_scope(f"BoxPredictor_{number}"):
        for name, width in (("BoxEncodingPredictor", 4), ("ClassPredictor", classes)):
            y = depthwise(x, name=f"{name}_depthwise") if lite else x
            y = conv(y, count * width, name=name, bias=True, activation=None)
            shape = tf.stack([tf.shape(x)[0], -1, 1, 4] if width == 4 else [tf.shape(x)[0], -1, classes])
            results.append(tf.reshape(y, shape))
    return results


def write(name, graph, fed, results, shown):
    with tf.Session(graph=graph) as session:
        values = session.run(list(results.values()), fed)
    tensors[f"{name}.model"] = np.frombuffer(graph.as_graph_def().SerializeToString(), np.uint8)
    tensors.update(shown)
    for key, value in zip(results, values):
        tensors[f"{name}.{key}"] = value.astype(np.float32)


def detector(name, lite=True, fused=True, scoring=tf.sigmoid, overlap=0.6, loop=True):
    with tf.Graph().as_default() as graph:
        image = tf.placeholder(tf.uint8, [None, None, None, 3] if loop else [1, 24, 24, 3], "image_tensor")
        if loop:
            x = preprocessed(image, 24)
        else:
            x = (tf.to_float(image) - [123.0, 117.0, 104.0]) / 64.0
        with tf.name_scope("FeatureExtractor/MobilenetV2"):
            x = conv(x, 16, 3, 2, fused=fused)
            with tf.name_scope("expanded_conv"):
                y = conv(x, 32, name="expand", fused=fused)
                y = conv(depthwise(y, fused=fused), 16, name="project", activation=None, fused=fused)
                x = tf.identity(tf.add(y, x, name="add"), name="output")
            first = conv(depthwise(x, 2, name="expanded_conv_1", fused=fused), 24, name="last", fused=fused)
            second = conv(first, 20, 3, 2, name="layer_19_2_Conv2d_2_3x3_s2", fused=fused)
        maps = (first, second)
        counts = ([0.1, 0.3, 0.3], [0.5, 0.6, 0.5]), ([1.0, 2.0, 0.5], [1.0, 0.5, 2.0])
        parts = [predicted(x, 3, 5, i, lite) for i, x in enumerate(maps)]
        codes = tf.squeeze(tf.concat([p[0] for p in parts], 1), [2])
        logits = tf.concat([p[1] for p in parts], 1)
        anchors = tf.concat([grid(x, s, r) for x, (s, r) in zip(maps, zip(*counts))], 0)
        centres = postprocessed(codes, logits, anchors, scoring, overlap)
    pixels = rng.integers(0, 256, (24, 24, 3), np.uint8)
    write(name, graph, {"image_tensor:0": pixels[None]},
          {"box_encodings": codes, "class_predictions_with_background": logits, "anchors": centres},
          {f"{name}.rgb": pixels})


def classifier():
    with tf.Graph().as_default() as graph:
        image = tf.placeholder(tf.float32, [None, None, None, 3], "input")
        x = conv(image, 16, 3, 2, name="MobilenetV1/Conv2d_0")
        x = conv(depthwise(x, multiplier=2, name="MobilenetV1/Conv2d_1"), 24, name="MobilenetV1/Conv2d_2")
        x = tf.nn.avg_pool(x, [1, 8, 9, 1], [1, 1, 1, 1], "VALID", name="MobilenetV1/AvgPool_1a")
        x = conv(x, 10, name="MobilenetV1/Logits", bias=True, activation=None)
        x = tf.squeeze(x, [1, 2], name="MobilenetV1/SpatialSqueeze")
        y = tf.reshape(tf.nn.softmax(tf.reshape(x, [-1, 10])), [-1, 10], name="MobilenetV1/Predictions")
        assert y is not None
    pixels = rng.uniform(-1, 1, (1, 16, 18, 3)).astype(np.float32)
    write("classifier", graph, {"input:0": pixels}, {"Reshape": x},
          {"classifier.input": pixels})


def operators():
    """The operators and paddings that the other graphs don't have."""
    with tf.Graph().as_default() as graph:
        image = tf.placeholder(tf.float32, [1, 13, 14, 3], "input")
        x = conv(image, 16, 3, 2, activation=tf.nn.relu)
        padded = tf.pad(x, [[0, 0], [1, 1], [0, 2], [0, 0]])
        a = depthwise(padded, 2, padding="VALID")
        b = tf.nn.max_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
        c = tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
        d = conv(x, 16, 3, dilation=2, activation=None)
        gate = tf.reduce_mean(d, [1, 2], keepdims=True)
        gate = tf.nn.relu6(conv(gate, 16, bias=True, activation=None) + 3.0) * 0.16666667
        parts = tf.unstack(d * gate, axis=1)
        flat = tf.reshape(tf.concat([a - b, c], 3), [1, -1])
        rows = tf.stack([parts[2], parts[5]], axis=1)[:, -1, 1:-1:2, 3:]
        means = tf.reduce_mean(c, [1, 2])
        linear = tf.matmul(means, constant([16, 5], 0.3)) + constant([5], 0.2)
        cut = tf.slice(x, [0, 1, 2, 0], [1, 2, -1, 16])
        results = {"flat": flat, "rows": rows, "linear": linear, "cut": cut, "logistic": tf.sigmoid(a)}
        for name, value in results.items():
            tf.identity(value, name=name)
    pixels = rng.uniform(-1, 1, (1, 13, 14, 3)).astype(np.float32)
    write("operators", graph, {"input:0": pixels}, results, {"operators.input": pixels})


detector("detector")
detector("detector_1x1", lite=False, fused=False, scoring=tf.nn.softmax, overlap=0.5, loop=False)
classifier()
operators()
save_file(tensors, OUTPUT)
print(f"{OUTPUT}: {OUTPUT.stat().st_size} bytes, {len(tensors)} tensors")
