print("stream-detect")
